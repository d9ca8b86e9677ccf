-- Durable jobs and timers: a row until it is done.

create schema work;

create table work.jobs (
  id      bigint generated always as identity primary key,
  kind    text        collate "C" not null,
  key     text        collate "C" not null,
  due     timestamptz not null,
  payload jsonb,
  tries   int         not null default 0,
  lease   bigint      not null default 0,
  leased  timestamptz,
  error   text,
  dead    timestamptz,
  constraint jobs_kind_key unique (kind, key)
);
comment on column work.jobs.due is 'not before; a failed job is due again later';
comment on column work.jobs.lease is 'counts claims and moves: only the holder of the latest may finish the job';
comment on column work.jobs.leased is 'until when it is being run; afterwards it may be claimed again';
create index jobs_due on work.jobs (kind, due) where dead is null;
create index jobs_dead on work.jobs (dead) where dead is not null;
alter table work.jobs set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
