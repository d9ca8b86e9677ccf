-- The journal: every fact, once, in one order.

create schema es;

create table es.meta (
  one    boolean primary key default true check (one),
  epoch  uuid not null default gen_random_uuid(),
  schema int  not null
);
comment on column es.meta.epoch is 'changes when the log is restored: outside tokens are (epoch, pos)';
insert into es.meta (schema) values (1);

create table es.events (
  pos     bigint      primary key check (pos > 0),
  stream  text        collate "C" not null,
  version bigint      not null check (version > 0),
  type    text        collate "C" not null,
  schema  smallint    not null,
  at      timestamptz not null,
  id      uuid        not null,
  cmd     uuid        not null,
  actor   text        collate "C" not null,
  meta    bytea       not null,
  data    bytea       not null,
  constraint events_stream_version unique (stream, version)
);
comment on column es.events.pos is 'dense, equal to commit order';

create table es.commands (
  cmd    uuid primary key,
  body   bytea       not null,
  at     timestamptz not null,
  pos    bigint      not null,
  result bytea       not null
);
comment on column es.commands.body is 'hash of the content: the same id with another body is refused';
create index commands_at on es.commands using brin (at);

create table es.claims (
  key text collate "C" primary key,
  cmd uuid   not null,
  pos bigint not null
);

create table es.checkpoints (
  name    text        primary key,
  version int         not null,
  pos     bigint      not null,
  at      timestamptz not null default now(),
  status  text        not null default 'running' check (status in ('running', 'stopped')),
  error   text
);

create table es.parked (
  name   text,
  pos    bigint,
  stream text        collate "C" not null,
  error  text        not null,
  tries  int         not null,
  at     timestamptz not null default now(),
  primary key (name, pos)
);
create index parked_stream on es.parked (name, stream);

-- Facts are never changed, not even by the owner of the table.
create function es.forbid() returns trigger language plpgsql as $$
begin
  raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = '42501';
end $$;
create trigger append_only before update or delete or truncate on es.events
  for each statement execute function es.forbid();

-- One batch of commands. Arrays of one letter's prefix run in step: c_ commands, s_ a command's
-- streams (s_c: which command), e_ their events (e_s: which stream entry), k_ claims.
-- status: 0 recorded, 1 repeated, 2 version conflict (why: stream, actual), 3 claimed (why: key),
-- 4 another body under this id. `currents` are the versions of the command's streams before it.
-- The caller sees to it that a batch names a stream, a claim and a command id once only.
create function es.append(
  c_cmd uuid[], c_body bytea[], c_at timestamptz[], c_actor text[], c_meta bytea[], c_result bytea[],
  s_c int[], s_stream text[], s_expected bigint[], s_n int[],
  e_s int[], e_i int[], e_type text[], e_schema smallint[], e_id uuid[], e_data bytea[],
  k_c int[], k_key text[]
) returns table (c int, status int, pos bigint, result bytea, why text, actual bigint, currents bigint[])
language plpgsql set enable_seqscan = off as $$
#variable_conflict use_column
declare
  head bigint;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'es.append needs read committed';
  end if;
  -- Appenders queue here until the holder's commit is durable and visible; each statement below
  -- has a snapshot of its own, so it sees every earlier append.
  perform pg_advisory_xact_lock(1163084115, 1);
  head := coalesce((select e.pos from es.events e order by e.pos desc limit 1), 0);
  return query
  with asked as materialized (
    select u.c, u.i::int as i, u.stream, u.expected, u.n,
      coalesce((select e.version from es.events e where e.stream = u.stream
                order by e.version desc limit 1), 0) as current
    from unnest(s_c, s_stream, s_expected, s_n) with ordinality u (c, stream, expected, n, i)
  ), refused as materialized (
    select distinct on (a.c) a.c, a.stream, a.current from asked a
    where case when a.expected >= 0 then a.expected <> a.current
               when a.expected = -2 then a.current = 0 else false end
    order by a.c, a.i
  ), taken as materialized (
    select k.c, min(k.key) as key from unnest(k_c, k_key) k (c, key)
    where exists (select 1 from es.claims q where q.key = k.key) group by k.c
  ), judged as materialized (
    select u.i::int as c, u.cmd, u.body, u.at, u.actor, u.meta, u.result,
      (select d from es.commands d where d.cmd = u.cmd) as earlier,
      t.key, r.stream, r.current
    from unnest(c_cmd, c_body, c_at, c_actor, c_meta, c_result)
           with ordinality u (cmd, body, at, actor, meta, result, i)
    left join taken t on t.c = u.i left join refused r on r.c = u.i
  ), accepted as materialized (
    select j.c, j.cmd, j.body, j.at, j.actor, j.meta, j.result from judged j
    where j.earlier is null and j.key is null and j.stream is null
  ), placed as materialized (
    select a.i, a.c, a.stream, a.n, a.current, o.cmd, o.at, o.actor, o.meta,
      head + sum(a.n) over (order by a.i) - a.n as base
    from asked a join accepted o on o.c = a.c
  ), ends as materialized (
    select o.c, coalesce(p.last, head) as pos from accepted o
    left join (select p.c, max(p.base + p.n)::bigint as last from placed p group by p.c) p on p.c = o.c
  ), wrote_events as (
    insert into es.events (pos, stream, version, type, schema, at, id, cmd, actor, meta, data)
    select p.base + e.i, p.stream, p.current + e.i, e.type, e.schema, p.at, e.id, p.cmd, p.actor, p.meta, e.data
    from unnest(e_s, e_i, e_type, e_schema, e_id, e_data) e (s, i, type, schema, id, data)
    join placed p on p.i = e.s
  ), wrote_commands as (
    insert into es.commands (cmd, body, at, pos, result)
    select o.cmd, o.body, o.at, n.pos, o.result from accepted o join ends n on n.c = o.c
  ), wrote_claims as (
    insert into es.claims (key, cmd, pos)
    select k.key, o.cmd, n.pos from unnest(k_c, k_key) k (c, key)
    join accepted o on o.c = k.c join ends n on n.c = o.c
  )
  select j.c,
    case when j.earlier is not null then case when (j.earlier).body = j.body then 1 else 4 end
         when j.key is not null then 3 when j.stream is not null then 2 else 0 end,
    coalesce((j.earlier).pos, n.pos), (j.earlier).result,
    coalesce(j.key, j.stream), j.current,
    (select array_agg(a.current order by a.i) from asked a where a.c = j.c)
  from judged j left join ends n on n.c = j.c
  order by j.c;
end $$;
