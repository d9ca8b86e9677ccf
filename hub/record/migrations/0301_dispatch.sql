create schema dispatch;

create table dispatch.broadcast(
  id          uuid primary key,
  title       text not null,
  text        text not null,
  priority    text not null,
  state       text not null,
  drill       bool not null,
  by_id       text not null,
  by_name     text not null,
  scopes      text[] not null,
  audience    jsonb not null,
  variables   jsonb not null,
  options     jsonb not null,
  ladder      jsonb not null,
  attachments uuid[] not null,
  audio       uuid,
  created_at  timestamptz not null,
  send_at     timestamptz not null,
  expires_at  timestamptz not null,
  closed_at   timestamptz,
  reason      text not null default '',
  total       int not null default 0,
  version     bigint not null);
create index on dispatch.broadcast(created_at desc);
create index on dispatch.broadcast(state) where state in ('sending', 'scheduled', 'awaiting_approval');

-- No foreign keys below: nothing is ever deleted, and 20,000 rows at once would lock 20,000 others.

-- One recipient of one broadcast; addresses are a snapshot of the moment of sending.
create table dispatch.delivery(
  id           uuid primary key,
  broadcast    uuid not null,
  ref          text collate "C" not null,
  kind         text not null,
  name         text not null,
  district     text collate "C" not null,
  station      text collate "C" not null,
  path         text[] not null,
  phone        text not null,
  openid       text not null,
  opt_out      text[] not null,
  bad          text[] not null,
  rank         smallint not null default 0,
  outcome      text not null default 'waiting',
  road         text,
  round        smallint not null default 0,
  rung         smallint not null default 0,
  next_at      timestamptz,
  ended        bool not null default false,
  reply        text not null default '',
  reason       text not null default '',
  replied_at   timestamptz,
  delivered_at timestamptz,
  read_at      timestamptz,
  confirmed_at timestamptz,
  unique(ref, broadcast));
create index on dispatch.delivery(broadcast, next_at);
-- Receipts change rows again and again: room on the page keeps the indexes out of it.
alter table dispatch.delivery set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- One try of one road. `rank` only rises (dispatch/words.py).
create table dispatch.attempt(
  id          uuid primary key,
  delivery    uuid not null,
  broadcast   uuid not null,
  channel     text not null,
  lane        smallint not null,
  round       smallint not null,
  rung        smallint not null,
  try         smallint not null,
  state       text not null,
  rank        smallint not null,
  why         text not null default '',
  detail      text not null default '',
  provider_id text collate "C" not null default '',
  address     text not null default '',
  due         timestamptz,
  lease       timestamptz,
  created_at  timestamptz not null,
  sent_at     timestamptz);
create index on dispatch.attempt(delivery);
create index on dispatch.attempt(channel, lane, due) where due is not null;
create index on dispatch.attempt(channel, lease) where lease is not null;
create index on dispatch.attempt(provider_id) where provider_id <> '';
create index on dispatch.attempt(broadcast);
alter table dispatch.attempt set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- Everything that was ever seen of an attempt; nothing here is changed.
create table dispatch.evidence(
  id       bigint generated always as identity primary key,
  key      text collate "C" not null unique,
  delivery uuid not null,
  attempt  uuid,
  at       timestamptz not null,
  told_at  timestamptz not null,
  source   text not null,
  channel  text,
  state    text not null,
  why      text not null default '',
  detail   text not null default '',
  reply    text not null default '',
  reason   text not null default '',
  late     bool not null default false);
create index on dispatch.evidence(delivery);

-- What was told and is not folded yet. A sighting that names no known try waits here for it.
create table dispatch.inbox(
  id       bigint generated always as identity primary key,
  key      text collate "C" not null unique,
  at       timestamptz not null,
  due      timestamptz not null,
  told     jsonb not null);
create index on dispatch.inbox(due);

-- kind: outcome (key ''), road (key channel, state of attempts), district, station, reply
create table dispatch.count(
  broadcast uuid not null,
  kind      text collate "C" not null,
  key       text collate "C" not null,
  state     text collate "C" not null,
  n         int not null,
  primary key (broadcast, kind, key, state)) with (fillfactor = 50);

create table dispatch.template(
  code text collate "C" primary key, name text not null, title text not null, text text not null,
  priority text not null, options jsonb not null, version bigint not null);
create table dispatch.ladder(
  code text collate "C" primary key, name text not null, rungs jsonb not null, bypass_quiet bool not null,
  version bigint not null);
create table dispatch.quiet(
  one bool primary key default true check (one), starts text not null, ends text not null,
  channels text[] not null, version bigint not null);
insert into dispatch.quiet(starts, ends, channels, version) values ('22:00', '07:00', '{voice,sms}', 0);

create table dispatch.road(
  channel text primary key, state text not null default 'open', detail text not null default '',
  until timestamptz, per_second float8 not null default 0);

create table dispatch.link(
  ref text collate "C" primary key, online bool not null, since timestamptz not null, seen_at timestamptz not null);

create function dispatch.outcome_of(rank smallint, ended bool, cancelled bool) returns text language sql immutable as $$
  select case when rank >= 90 then 'confirmed' when rank >= 80 then 'read' when rank >= 70 then 'delivered'
              when cancelled then 'cancelled' when ended then 'unreachable' when rank >= 15 then 'sending' else 'waiting' end $$;

-- For the few acts that touch every row of a broadcast at once; receipts change counters by deltas.
create function dispatch.recount(which uuid) returns void language plpgsql as $$
begin
  delete from dispatch.count where broadcast = which;
  insert into dispatch.count(broadcast, kind, key, state, n)
    select which, 'outcome', '', outcome, count(*) from dispatch.delivery where broadcast = which group by outcome
    union all
    select which, 'district', district, outcome, count(*) from dispatch.delivery where broadcast = which group by district, outcome
    union all
    select which, 'station', station, outcome, count(*) from dispatch.delivery where broadcast = which group by station, outcome
    union all
    select which, 'kind', case kind when 'station' then 'station' else 'person' end, outcome, count(*)
      from dispatch.delivery where broadcast = which group by 3, outcome
    union all
    select which, 'reply', reply, '', count(*) from dispatch.delivery where broadcast = which and reply <> '' group by reply
    union all
    select which, 'road', channel, state, count(*) from dispatch.attempt where broadcast = which group by channel, state;
end $$;
