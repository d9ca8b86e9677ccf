-- es.append in a transaction of its own whose commit is visible at once and durable when the call
-- returns: the lock is given back before the flush, so that the next batch is written meanwhile.
-- The second commit, which has nothing but a mark to write, flushes everything before it.
create procedure es.record(
  c_cmd uuid[], c_body bytea[], c_at timestamptz[], c_actor text[], c_meta bytea[], c_result bytea[], c_n int[],
  s_c int[], s_stream text[], s_expected bigint[],
  e_s int[], e_i int[], e_type text[], e_schema smallint[], e_id uuid[], e_data bytea[],
  k_c int[], k_key text[],
  inout head bigint default null, inout status int[] default null, inout currents bigint[] default null,
  inout why text[] default null, inout actual bigint[] default null,
  inout earlier_pos bigint[] default null, inout earlier_result bytea[] default null
) language plpgsql as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  select a.head, a.status, a.currents, a.why, a.actual, a.earlier_pos, a.earlier_result
    into head, status, currents, why, actual, earlier_pos, earlier_result
    from es.append(c_cmd, c_body, c_at, c_actor, c_meta, c_result, c_n, s_c, s_stream, s_expected,
                   e_s, e_i, e_type, e_schema, e_id, e_data, k_c, k_key) a;
  commit;
  perform pg_logical_emit_message(true, 'es', '');
end $$;

-- The same as before, but hopeful: most commands are new, and so is a stream that is expected to be.
-- Both are looked for only when the unique indexes object or anything else stands in the way.
create or replace function es.append(
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
  claimed boolean := false;
  r record;
  hopeful boolean := (select count(distinct s) from unnest(e_s) s) = cardinality(s_c);
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'es.append needs read committed';
  end if;
  -- Appenders queue here until the holder's commit is visible; each statement below has a snapshot
  -- of its own, so it sees every earlier append.
  perform pg_advisory_xact_lock(1163084115, 1);
  head := coalesce((select e.pos from es.events e order by e.pos desc limit 1), 0);
  loop
    begin
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
                     case when hopeful and u.expected = 0 then 0 else
                       coalesce((select e.version from es.events e where e.stream = u.stream
                                 order by e.version desc limit 1), 0) end as current
              from unnest(s_stream, s_expected) with ordinality u (stream, expected, i)) a;
      if cardinality(k_key) > 0 then
        claimed := exists (select from unnest(k_key) k (key)
                           where (select true from es.claims q where q.key = k.key));
      end if;
      if hopeful and (conflicts or claimed) then
        hopeful := false;
        continue;
      end if;

      if conflicts then
        for r in select u.c, u.stream, u.current
                 from unnest(s_c, s_stream, s_expected, currents) with ordinality u (c, stream, expected, current, i)
                 where case when u.expected >= 0 then u.expected <> u.current
                            when u.expected = -2 then u.current = 0 else false end
                 order by u.i desc loop
          status[r.c] := 2; why[r.c] := r.stream; actual[r.c] := r.current;
        end loop;
      end if;
      if claimed then
        for r in select k.c, k.key from unnest(k_c, k_key) k (c, key)
                 where (select true from es.claims q where q.key = k.key) loop
          status[r.c] := 3; why[r.c] := r.key;
        end loop;
      end if;
      if not hopeful then
        for r in select u.i, d.body = c_body[u.i] as same, d.pos, d.result
                 from unnest(c_cmd) with ordinality u (cmd, i),
                      lateral (select * from es.commands q where q.cmd = u.cmd offset 0) d loop
          status[r.i] := case when r.same then 1 else 4 end;
          earlier_pos[r.i] := r.pos; earlier_result[r.i] := r.result;
        end loop;
      end if;

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
      return;
    exception when unique_violation then
      if not hopeful then
        raise;
      end if;
      hopeful := false;
    end;
  end loop;
end $$;
