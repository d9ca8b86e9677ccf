-- Packages to and from the province; the words stand in hub/streams/exchange/README.md.
create schema if not exists exchange;

create table exchange.package(
  id                uuid primary key,
  direction         text collate "C" not null,
  year              int not null,
  n                 int not null,
  number            text not null unique,
  kind              text collate "C" not null,
  object            text collate "C" not null,
  version           bigint not null,
  title             text not null,
  case_id           uuid,
  bare              bool not null,
  state             text collate "C" not null,
  events            int not null,                        -- version of its stream
  tries             int not null default 0,
  faults            int not null default 0,
  built             timestamptz not null,
  sent              timestamptz,
  applied           timestamptz,
  seconds           float8,                              -- sent → applied
  due               timestamptz,
  error             text not null default '',
  errors            jsonb,
  manifest          bytea not null,
  body              bytea not null,
  sha256            text collate "C" not null,
  receipt           bytea,
  receipt_signature bytea,
  replaces          text not null,
  replaced_by       text not null default '',
  trail             jsonb not null,
  unique(direction, year, n));
create index package_built on exchange.package(built desc);
create index package_unsettled on exchange.package(object, year, n) where direction = 'out' and state not in ('applied', 'corrected', 'set_aside');
create index package_applied on exchange.package(applied desc) where direction = 'out' and seconds is not null;

-- What was last told of each object.
create table exchange.object(
  object  text collate "C" primary key,
  version bigint not null,
  sha256  text collate "C" not null);

create table exchange.province(
  one      bool primary key default true check (one),
  up       bool,
  contact  timestamptz,
  error    text not null default '',
  failures int not null default 0,                       -- calls in a row that found it away
  again    timestamptz);
insert into exchange.province default values;

create table exchange.day(
  day       date primary key,
  at        timestamptz not null,
  kinds     jsonb not null,
  differing text[] not null,
  resent    text[] not null);
