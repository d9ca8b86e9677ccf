-- What is counted of suggestions and motions; the words stand in hub/streams/proposals/README.md. All of it is made from the journal.
create schema if not exists proposals;

create table proposals.item(
  id           uuid primary key,
  year         int not null,
  term         text not null,
  session      text not null,
  kind         text collate "C" not null,
  topic        text collate "C" not null,
  delegation   text not null,
  lead         text collate "C" not null,
  cosigners    int not null,
  state        text collate "C" not null,
  key          bool not null,
  refusal      text collate "C" not null,
  into_case    uuid,
  urgings      int not null,
  contacts     int not null,
  alike        real not null,                          -- the highest ratio found when it was handed in
  submitted    date,
  accepted     date,
  assigned     date,
  ended        date);
create index on proposals.item(year);
create index on proposals.item(into_case) where into_case is not null;

-- One unit's part in a case.
create table proposals.part(
  id           uuid not null references proposals.item on delete cascade,
  unit         text collate "C" not null,
  role         text collate "C" not null,
  assigned     date not null,
  signed       date,
  opinion      date,
  rounds       int not null,
  due          date,
  replied      date,                                   -- the first reply, and whether it was there in time
  on_time      bool,
  overdue      bool not null,                          -- a reply was not there in time
  class        text collate "C" not null,              -- of the last reply
  first_rating text collate "C" not null,
  rating       text collate "C" not null,              -- of the last reply
  promise      text not null,
  solve_by     date,
  reported     date,
  solved       bool,
  fulfilment   text collate "C" not null,
  primary key(id, unit));
create index on proposals.part(unit);
create index on proposals.part(solve_by) where promise <> '';

create table proposals.letter(
  id     uuid not null references proposals.item on delete cascade,
  unit   text collate "C" not null,
  round  int not null,
  number text not null,
  class  text collate "C" not null,
  text   text not null,
  public bool not null,
  primary key(id, unit, round));

create table proposals.session(
  id            uuid primary key,
  name          text not null,
  term          text not null,
  first         date not null,
  last          date not null,
  motions_until timestamptz not null);

create table proposals.term(
  name  text primary key,
  since date not null);

create table proposals.year_report(
  year    int primary key,
  stage   text collate "C" not null,
  text    text not null,
  figures jsonb,                                       -- as they were when it was published
  at      timestamptz not null,
  by_id   text not null);
