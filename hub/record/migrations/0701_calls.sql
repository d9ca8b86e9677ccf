-- Calls (融合语音调度); the words stand in media/calls/README.md.
create schema if not exists media;

create table media.call(
  id         uuid primary key,
  kind       text not null,
  title      text not null,
  priority   int not null,
  owner      text collate "C" not null,
  path       text[] collate "C" not null,
  options    jsonb not null,
  started_at timestamptz not null,
  started_by text collate "C" not null,
  plan       uuid,
  night      bool not null,
  opened_at  timestamptz,
  ended_at   timestamptz,
  why        text,
  held       bool not null,
  locked     bool not null,
  playing    uuid,
  looping    bool not null,
  idle_at    timestamptz,
  version    bigint not null) with (fillfactor = 50);
create index on media.call(started_at desc);
create index call_open on media.call(id) where ended_at is null;

-- `heard`: seconds that media flowed, up to `connected_at`.
create table media.call_member(
  call         uuid not null references media.call,
  ref          text collate "C" not null,
  role         text not null,
  state        text not null,
  turn         int not null,
  listen_only  bool not null,
  muted        bool not null,
  auto         bool not null,
  apart        bool not null,
  number       text not null,
  rung_at      timestamptz,
  ring_until   timestamptz,
  joined_at    timestamptz,
  left_at      timestamptz,
  connected_at timestamptz,
  lose_at      timestamptz,
  heard        float8 not null,
  why          text,
  note         text not null,
  picked_by    text collate "C" not null,
  mark         bool,
  primary key (call, ref)) with (fillfactor = 50);
create index call_member_live on media.call_member(ref) where state in ('waiting', 'ringing', 'joined', 'held');
create index call_member_missed on media.call_member(ref, left_at) where state = 'unanswered';

-- Who did what. `place` is the position in the journal; `part` counts what followed from one event.
create table media.call_act(
  call   uuid not null references media.call,
  place  bigint not null,
  part   int not null,
  at     timestamptz not null,
  act    text not null,
  by_id  text collate "C" not null,
  ref    text collate "C" not null,
  detail text not null,
  primary key (call, place, part));

-- What each line is doing just now; a line without a row is idle.
create table media.line(
  ref   text collate "C" primary key,
  state text not null,
  call  uuid,
  since timestamptz not null) with (fillfactor = 50);

create table media.line_setting(ref text collate "C" primary key, auto_answer text not null);

create table media.call_plan(
  id         uuid primary key,
  body       jsonb not null,
  saved_at   timestamptz not null,
  saved_by   text not null,
  started_at timestamptz);

create table media.night_service(id text primary key, body jsonb not null);

create function media.uuid_of(ref text) returns uuid language sql immutable as $$
  select case when ref ~ '^[a-z]+:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then split_part(ref, ':', 2)::uuid end $$;

create function media.name_of(ref text) returns text language sql stable as $$
  select coalesce(case split_part(ref, ':', 1)
      when 'station' then (select name from directory.organisation where id = ref)
      when 'person' then (select name from directory.person where id = media.uuid_of(ref))
      when 'phone' then (select name || '（电话）' from directory.person where id = media.uuid_of(ref))
      when 'account' then (select name from access.account where id = media.uuid_of(ref)) end,
    case ref when 'station:0' then '总站' when 'system' then '系统' else ref end) $$;

create function media.kind_of(ref text) returns text language sql stable as $$
  select case split_part(ref, ':', 1) when 'station' then 'station' when 'account' then 'account'
    else coalesce((select kind from directory.person where id = media.uuid_of(ref)), 'staff') end $$;

create function media.place_of(ref text) returns text language sql stable as $$
  select coalesce((select o.name from directory.organisation o where o.id = case split_part(ref, ':', 1)
      when 'station' then (select parent from directory.organisation where id = ref)
      else (select org from directory.person where id = media.uuid_of(ref)) end), '') $$;
