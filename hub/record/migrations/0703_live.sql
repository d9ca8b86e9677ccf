-- Live meetings, recordings and speeches; the words stand in media/live/README.md.
create schema if not exists media;

create table media.live(
  id         uuid primary key,
  room       text collate "C" not null,
  owner      text collate "C" not null,
  title      text not null,
  about      text not null,
  poster     uuid,
  access     text not null,
  roles      text[] not null,
  org        text collate "C" not null,
  dvr        int not null,
  record     bool not null,
  replay     bool not null,
  keep_days  int not null,
  state      text not null,
  starts     timestamptz,
  started_at timestamptz,
  ended_at   timestamptz,
  recording  uuid,
  epoch      int not null default 0,     -- counts what took passes and links back
  peak       int not null default 0,
  by_name    text not null,
  created_at timestamptz not null,
  version    bigint not null) with (fillfactor = 60);
create index on media.live(state, starts);
create index on media.live(room);

-- Rows and no events: what may be lost. Each process counts its own viewers.
create unlogged table media.live_audience(
  live    uuid not null,
  node    text not null,
  viewers int not null,
  at      timestamptz not null,
  primary key (live, node));
create unlogged table media.live_ready(live uuid primary key, since timestamptz not null);

create table media.recording(
  id         uuid primary key,
  room       text collate "C" not null,
  owner      text collate "C" not null,
  title      text not null,
  live       uuid,
  speakers   bool not null,              -- each speaker's own camera, and not the programme alone
  archive    bool not null,              -- false: nothing of it is kept
  state      text not null,
  started_at timestamptz not null,
  stopped_at timestamptz,
  keep_days  int,
  seconds    float8 not null default 0,
  size       bigint not null default 0,
  by_name    text not null,
  why        text not null default '',
  version    bigint not null) with (fillfactor = 60);
create index on media.recording(room, started_at);
create index on media.recording(started_at);
create index on media.recording(state) where state in ('recording', 'closing');

create table media.recorded_file(
  recording uuid not null references media.recording on delete cascade,
  place     int not null,
  path      text not null,
  peer      text collate "C" not null,
  ref       text collate "C" not null,
  name      text not null,
  role      text not null,
  sha256    text not null,
  size      bigint not null,
  since     timestamptz not null,
  until     timestamptz not null,
  video     text not null,
  audio     text not null,
  width     int not null,
  height    int not null,
  lost      bigint not null,
  problem   text not null,
  primary key (recording, place));

create table media.agenda(
  room    text collate "C" primary key,
  owner   text collate "C" not null,
  title   text not null,
  items   jsonb not null,
  version bigint not null);
create table media.agenda_turn(
  room text collate "C" not null,
  at   timestamptz not null,
  item text not null,
  primary key (room, at));

-- The edit list. `edition` counts corrections; the clip is of edition `cut`.
create table media.speech(
  id          uuid primary key,
  room        text collate "C" not null,
  owner       text collate "C" not null,
  meeting     text not null,
  person      text collate "C" not null,
  person_name text not null,
  source      text collate "C" not null,
  agenda      text not null,
  agenda_title text not null,
  since       timestamptz not null,
  until       timestamptz not null,
  origin      text not null,
  note        text not null,
  state       text not null,
  edition     int not null default 1,
  cut         int not null default 0,
  why         text not null default '',
  recording   uuid,
  path        text not null default '',
  sha256      text not null default '',
  size        bigint,
  seconds     float8,
  parts       int not null default 1,
  clip_since  timestamptz,
  clip_until  timestamptz,
  version     bigint not null) with (fillfactor = 60);
create index on media.speech(room, since);
create index on media.speech(person, since);
create unique index speech_turn on media.speech(room, source, since) where origin = 'floor';

create function media.shown_name(ref text) returns text language sql stable as $$
  select coalesce(case split_part(ref, ':', 1)
      when 'station' then (select name from directory.organisation where id = ref)
      when 'person' then (select name from directory.person where ref ~ '^person:[0-9a-f-]{36}$' and id::text = substr(ref, 8))
      when 'account' then (select name from access.account where id::text = substr(ref, 9)) end,
    ref) $$;

create function media.shown_place(ref text) returns text language sql stable as $$
  select coalesce((select o.name from directory.organisation o where o.id = case split_part(ref, ':', 1)
      when 'station' then (select parent from directory.organisation where id = ref)
      when 'person' then (select org from directory.person where ref ~ '^person:[0-9a-f-]{36}$' and id::text = substr(ref, 8)) end), '') $$;

-- Of a meeting its own; of another room the one that was saved here.
create function media.agenda_of(room text) returns jsonb language sql stable as $$
  select case when room like 'meeting:%'
    then (select coalesce(jsonb_agg(jsonb_build_object('key', i ->> 'number', 'title', i ->> 'name') order by (i ->> 'number')::int), '[]')
            from media.meeting m, jsonb_array_elements(m.agenda) i where m.id::text = substr(room, 9, 36))
    else coalesce((select a.items from media.agenda a where a.room = agenda_of.room), '[]') end $$;
