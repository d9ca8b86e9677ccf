-- Cases of all streams; the words stand in hub/cases/README.md. All of it but `seen` is made from the journal.
create schema if not exists cases;

create table cases.item(
  id           uuid primary key,
  stream       text collate "C" not null,
  version      bigint not null,
  body         bytea not null,                          -- the case as its events make it, JSON
  number       text not null default '',
  year         int not null,
  title        text not null,
  kind         text collate "C" not null,
  topic        text collate "C" not null,
  state        text collate "C" not null,
  terminal     bool not null,
  open         bool not null,                           -- everybody may see it
  private      bool not null,                           -- only its parties may see it now
  confidential bool not null,
  path         text[] collate "C" not null,             -- where in the city it belongs
  refs         text[] collate "C" not null,             -- its parties
  was          text[] collate "C" not null,             -- whoever was a party or had his turn, also formerly
  turn         text[] collate "C" not null,             -- whose turn it is
  owes         text[] collate "C" not null,             -- who owes an answer for a deadline missed
  lead         text collate "C",
  units        text[] collate "C" not null,
  opened       timestamptz not null,
  since        timestamptz not null,                    -- in this state
  changed      timestamptz not null,
  due          date,
  due_clock    text);
create index item_opened on cases.item(stream, opened desc, id desc);
create index item_state on cases.item(stream, state, opened desc, id desc);
create index item_title on cases.item(stream, left(title, 100), id);
create index item_due on cases.item(stream, due) where due is not null;
create index item_year on cases.item(stream, year);
create index item_open on cases.item(stream) where open;
create index item_shown on cases.item(stream) where not private;
create index item_private on cases.item(stream) where private;
create index item_refs on cases.item using gin(refs);
create index item_turn on cases.item using gin(turn);
create index item_owes on cases.item using gin(owes);
create index item_pairs on cases.item using gin(talk.pairs(number || ' ' || title));

create table cases.clock(
  case_id  uuid not null references cases.item on delete cascade,
  clock    text collate "C" not null,
  started  date not null,
  due      date not null,
  extended bool not null,
  struck   text[] not null,
  primary key(case_id, clock));

create table cases.file(
  case_id uuid not null,
  file    uuid not null,
  version bigint not null,
  at      timestamptz not null,
  by_id   text not null,
  primary key(case_id, file));
create index on cases.file(file);

create table cases.relation(
  case_id uuid not null,
  other   uuid not null,
  kind    text not null,
  by_id   text not null,
  at      timestamptz not null,
  primary key(case_id, other));
create index on cases.relation(other);

create table cases.notice(
  id      uuid primary key,
  pos     bigint not null,                             -- of the event that told it
  event   uuid not null,
  case_id uuid not null,
  stream  text collate "C" not null,
  ref     text collate "C" not null,
  path    text[] collate "C" not null,
  at      timestamptz not null,
  zh      text not null,
  en      text not null,
  plain   text not null,                               -- what may go through other people's wires
  urgent  bool not null,
  late    bool not null);
create index notice_ref on cases.notice(ref, pos desc);
create index notice_event on cases.notice(event);
create index notice_case on cases.notice(case_id);

create table cases.counter(
  series text collate "C" not null,
  year   int not null,
  last   int not null,
  primary key(series, year));

create table cases.rule_set(
  stream     text collate "C" not null,
  version    int not null,
  valid_from date not null,
  body       jsonb not null,
  note       text not null,
  by_id      text not null,
  by_name    text not null,
  at         timestamptz not null,
  primary key(stream, version));

create table cases.calendar_day(
  day   date primary key,
  works bool not null,
  name  text not null);

-- Up to when somebody has read his notices: not a fact of the journal, and lost without harm.
create table cases.seen(
  reader text collate "C" primary key,
  until  timestamptz not null);
