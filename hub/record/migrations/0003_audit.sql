-- Who did what to which object, from where, and whether it was allowed.

create table work.audit (
  id      bigint generated always as identity primary key,
  at      timestamptz not null,
  actor   text collate "C" not null,
  act     text collate "C" not null,
  object  text not null,
  outcome text collate "C" not null,
  address text not null,
  detail  jsonb
);
create index audit_actor on work.audit (actor, id desc);
create index audit_act on work.audit (act, id desc);
create index audit_outcome on work.audit (outcome, id desc);
create index audit_at on work.audit using brin (at);
create trigger append_only before update or delete or truncate on work.audit
  for each statement execute function es.forbid();
