-- Video interaction (视频互动); the words stand in media/meetings/README.md.
create schema if not exists media;

create table media.meeting(
  id        uuid primary key,
  title     text not null,
  by        text collate "C" not null,
  by_name   text not null,
  options   jsonb not null,
  opened_at timestamptz not null,
  ended_at  timestamptz,
  locked    bool not null,
  quiet     bool not null,
  addressed bool not null,
  layout    jsonb not null,
  agenda    jsonb not null,
  item      int not null,
  rooms     jsonb not null,
  speech    jsonb,
  version   bigint not null) with (fillfactor = 50);
create index on media.meeting(opened_at desc);
create index on media.meeting(by);
create index meeting_open on media.meeting(id) where ended_at is null;

create table media.meeting_member(
  meeting    uuid not null references media.meeting,
  ref        text collate "C" not null,
  name       text not null,
  kind       text not null,
  unit       text not null,
  runs       bool not null,
  state      text not null,
  muted      bool not null,
  dark       bool not null,
  sharing    bool not null,
  hand       timestamptz,
  place      int not null,
  called_at  timestamptz not null,
  entered_at timestamptz,
  left_at    timestamptz,
  primary key (meeting, ref)) with (fillfactor = 50);
create index on media.meeting_member(ref);

-- Who had the word, for whom speeches are filed under the agenda.
create table media.meeting_speech(
  meeting   uuid not null references media.meeting,
  since     timestamptz not null,
  ref       text collate "C" not null,
  name      text not null,
  item      int not null,
  item_name text not null,
  until     timestamptz not null,
  primary key (meeting, since, ref));
