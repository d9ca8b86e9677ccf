-- Conversations (instant messages); the words stand in dispatch/conversations/README.md.
create schema talk;

create table talk.conversation(
  id           uuid primary key,
  kind         text not null,
  name         text not null,
  org          text collate "C" not null,
  stations     bool not null,
  people       bool not null,
  pair         bool not null,
  by_id        text not null,
  created_at   timestamptz not null,
  changed_at   timestamptz not null,
  owners_only  bool not null default false,
  closed_at    timestamptz,
  size         int not null default 0,
  first_number bigint not null default 1,
  last_number  bigint not null default 0,
  version      bigint not null) with (fillfactor = 50);
create index on talk.conversation(kind);

-- `read` and `delivered`: everything up to this number. They are rows and no events, as receipts are.
create table talk.member(
  conversation uuid not null,
  ref          text collate "C" not null,
  standing     text not null,
  joined_at    timestamptz not null,
  delivered    bigint not null,
  read         bigint not null,
  muted        bool not null default false,
  primary key (conversation, ref)) with (fillfactor = 50);
create index on talk.member(ref);

-- `place` is the position in the journal. What is recalled keeps its row without content.
create table talk.message(
  conversation  uuid not null,
  number        bigint not null,
  id            uuid not null unique,
  place         bigint not null,
  at            timestamptz not null,
  author        text collate "C" not null,
  author_name   text not null,
  seat          text collate "C" not null,
  shape         text not null,
  text          text not null,
  reply_to      uuid,
  mentions      text[] collate "C" not null,
  everyone      bool not null,
  notice        bool not null,
  pinned_at     timestamptz,
  pinned_by     text not null default '',
  recalled_at   timestamptz,
  recalled_by   text not null default '',
  recall_reason text not null default '',
  primary key (conversation, number));
create index message_mentions on talk.message(conversation, number) where everyone or mentions <> '{}';
create index message_pinned on talk.message(conversation) where pinned_at is not null;

create table talk.message_file(
  message      uuid not null,
  place        smallint not null,
  file         uuid not null,
  conversation uuid not null,
  primary key (message, place));
create index on talk.message_file(file);

create table talk.retention(kind text primary key, days int);

create function talk.name_of(ref text) returns text language sql stable as $$
  select coalesce(case split_part(ref, ':', 1)
      when 'station' then (select name from directory.organisation where id = ref)
      when 'person' then (select name from directory.person where ref ~ '^person:[0-9a-f-]{36}$' and id = nullif(substr(ref, 8), '')::uuid)
      when 'account' then (select name from access.account where id::text = substr(ref, 9)) end,
    case ref when 'station:0' then '总站' else ref end) $$;

create function talk.kind_of(ref text) returns text language sql stable as $$
  select coalesce(case split_part(ref, ':', 1)
    when 'person' then (select kind from directory.person where ref ~ '^person:[0-9a-f-]{36}$' and id = nullif(substr(ref, 8), '')::uuid)
    end, split_part(ref, ':', 1)) $$;

create function talk.place_of(ref text) returns text language sql stable as $$
  select coalesce(o.name, '') from (select case split_part(ref, ':', 1)
      when 'station' then (select parent from directory.organisation where id = ref)
      when 'person' then (select org from directory.person where ref ~ '^person:[0-9a-f-]{36}$' and id = nullif(substr(ref, 8), '')::uuid)
      end) at(id) left join directory.organisation o on o.id = at.id $$;

-- Large files come in pieces (tus); `taken` is what is safely on the disk.
create table files.upload(
  id       uuid primary key,
  by_id    text not null,
  name     text not null,
  purpose  text not null,
  length   bigint not null,
  taken    bigint not null default 0,
  at       timestamptz not null,
  expires  timestamptz not null,
  finished bool not null default false);
create index on files.upload(by_id) where not finished;
