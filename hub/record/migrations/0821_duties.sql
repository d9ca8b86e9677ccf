-- Who takes part in activities, what is counted of duties, frozen years, scores; all of it is made from the journal.
create schema if not exists duties;

create table duties.activity_key(
  activity uuid primary key,
  key      bytea not null);

create table duties.taking(
  activity   uuid not null,
  person     text collate "C" not null,
  version    bigint not null,
  registered bool not null default false,
  joined     bigint not null default 0,                -- place in the journal: the order of places
  leave      text not null default '',
  signed_in  timestamptz,
  way        text not null default '',
  lon        float8,
  lat        float8,
  device     text collate "C" not null default '',
  doubts     text[] not null default '{}',
  judged     bool,
  signed_out timestamptz,
  answers    text[],
  primary key(activity, person));
create index on duties.taking(person, signed_in);

create table duties.item(
  id      uuid primary key,
  person  text collate "C" not null,
  kind    text collate "C" not null,
  day     date not null,
  year    int not null,
  hours   float8 not null,
  origin  text collate "C" not null,
  state   text collate "C" not null,
  title   text not null);
create index on duties.item(year, person);

create table duties.frozen_year(
  year int primary key,
  at   timestamptz not null);

create table duties.rating(
  year   int not null,
  person text collate "C" not null,
  rater  text collate "C" not null,
  points jsonb not null,
  by_id  text not null,
  at     timestamptz not null,
  primary key(year, person, rater));

create table duties.appeal(
  id     uuid primary key,
  year   int not null,
  person text collate "C" not null,
  state  text collate "C" not null);

create table duties.mandate(
  id         uuid primary key,
  person     text collate "C" not null,
  term       text not null,
  delegation text not null,
  state      text collate "C" not null,
  missed     int not null);
create index on duties.mandate(person);

-- Accepted suggestions are looked for from the first start on.
insert into work.jobs(kind, key, due) values('duties.sweep', '', now()) on conflict do nothing;
