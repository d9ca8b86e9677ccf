-- Keys of encoders: each opens one live meeting's room for publishing, and nothing else. The key itself is not kept.
create table media.stream_key(
  id         uuid primary key,
  live       uuid not null,
  name       text not null,
  hash       bytea not null unique,
  made_by    text collate "C" not null,
  by_name    text not null,
  made_at    timestamptz not null,
  used_at    timestamptz,
  revoked_at timestamptz);
create index on media.stream_key(live, made_at);

-- Whose picture is shown; empty: whoever speaks.
alter table media.live add column picture text collate "C" not null default '';

create function media.viewers_of(of_live uuid, since timestamptz) returns int language sql stable as $$
  select coalesce(sum(a.viewers), 0)::int from media.live_audience a where a.live = of_live and a.at > since $$;

-- Who looked at a recording, a clip or a live meeting is asked for by its name.
create index audit_media on work.audit(object, id desc) where object ~ '^(recording|speech|live):';
