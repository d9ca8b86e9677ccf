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
  cmd uuid not null
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

-- One batch of commands. Arrays of one letter's prefix run in step: c_ commands (c_n: how many
-- events in all), s_ a command's streams (s_c: which command), e_ their events (e_s: which stream
-- entry, e_i: which in it), k_ claims. The events of accepted commands follow `head` without a gap.
-- status of each command: 0 recorded, 1 repeated, 2 version conflict (why: stream, actual: its
-- version), 3 claimed (why: key), 4 another body under this id. `currents`: the version of each
-- stream before. The caller sees to it that a batch names a stream, a claim and an id once only.
create function es.append(
  c_cmd uuid[], c_body bytea[], c_at timestamptz[], c_actor text[], c_meta bytea[], c_result bytea[], c_n int[],
  s_c int[], s_stream text[], s_expected bigint[],
  e_s int[], e_i int[], e_type text[], e_schema smallint[], e_id uuid[], e_data bytea[],
  k_c int[], k_key text[],
  out head bigint, out status int[], out currents bigint[],
  out why text[], out actual bigint[], out earlier_pos bigint[], out earlier_result bytea[]
) language plpgsql
set enable_seqscan = off set enable_nestloop = off set plan_cache_mode = force_generic_plan as $$
declare
  conflicts boolean;
  r record;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'es.append needs read committed';
  end if;
  -- Appenders queue here until the holder's commit is durable and visible; each statement below
  -- has a snapshot of its own, so it sees every earlier append.
  perform pg_advisory_xact_lock(1163084115, 1);
  head := coalesce((select e.pos from es.events e order by e.pos desc limit 1), 0);
  status := array_fill(0, array[cardinality(c_cmd)]);
  why := array_fill(null::text, array[cardinality(c_cmd)]);
  actual := array_fill(null::bigint, array[cardinality(c_cmd)]);
  earlier_pos := actual;
  earlier_result := array_fill(null::bytea, array[cardinality(c_cmd)]);

  select array_agg(a.current order by a.i),
         bool_or(case when a.expected >= 0 then a.expected <> a.current
                      when a.expected = -2 then a.current = 0 else false end)
    into currents, conflicts
    from (select u.i, u.expected,
                 coalesce((select e.version from es.events e where e.stream = u.stream
                           order by e.version desc limit 1), 0) as current
          from unnest(s_stream, s_expected) with ordinality u (stream, expected, i)) a;
  if conflicts then
    for r in select u.c, u.stream, u.current
             from unnest(s_c, s_stream, s_expected, currents) with ordinality u (c, stream, expected, current, i)
             where case when u.expected >= 0 then u.expected <> u.current
                        when u.expected = -2 then u.current = 0 else false end
             order by u.i desc loop
      status[r.c] := 2; why[r.c] := r.stream; actual[r.c] := r.current;
    end loop;
  end if;
  if cardinality(k_key) > 0 then
    for r in select k.c, k.key from unnest(k_c, k_key) k (c, key)
             where (select true from es.claims q where q.key = k.key) loop
      status[r.c] := 3; why[r.c] := r.key;
    end loop;
  end if;
  for r in select u.i, d.body = c_body[u.i] as same, d.pos, d.result
           from unnest(c_cmd) with ordinality u (cmd, i),
                lateral (select * from es.commands q where q.cmd = u.cmd offset 0) d loop
    status[r.i] := case when r.same then 1 else 4 end;
    earlier_pos[r.i] := r.pos; earlier_result[r.i] := r.result;
  end loop;

  insert into es.events (pos, stream, version, type, schema, at, id, cmd, actor, meta, data)
  select head + row_number() over (order by e.o), s.stream, s.current + e.i, e.type, e.schema,
         c.at, e.id, c.cmd, c.actor, c.meta, e.data
  from unnest(e_s, e_i, e_type, e_schema, e_id, e_data) with ordinality e (s, i, type, schema, id, data, o)
  join unnest(s_c, s_stream, currents) with ordinality s (c, stream, current, i) on s.i = e.s
  join unnest(c_cmd, c_at, c_actor, c_meta, status) with ordinality c (cmd, at, actor, meta, status, i)
    on c.i = s.c
  where c.status = 0;
  insert into es.commands (cmd, body, at, pos, result)
  select c.cmd, c.body, c.at, head + sum(c.n) over (order by c.i), c.result
  from unnest(c_cmd, c_body, c_at, c_result, c_n, status) with ordinality c (cmd, body, at, result, n, status, i)
  where c.status = 0;
  if cardinality(k_key) > 0 then
    insert into es.claims (key, cmd)
    select k.key, c_cmd[k.c] from unnest(k_c, k_key) k (c, key) where status[k.c] = 0;
  end if;
end $$;
