-- name: append
select head, status, currents, why, actual, earlier_pos, earlier_result
from es.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)

-- name: lock_appenders
-- As es.append does: whoever appends waits until the holder's commit is visible.
select pg_advisory_xact_lock(1163084115, 1)

-- name: known_streams
select distinct stream from es.events where stream = any ($1::text[])

-- name: tell_past
insert into es.events (pos, stream, version, type, schema, at, id, actor, data, cmd, meta)
select e.*, $10, '' from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::smallint[], $6::timestamptz[], $7::uuid[], $8::text[],
  $9::bytea[]) e

-- name: result
select result from es.commands where cmd = $1

-- name: read
select pos, stream, version, type, schema, at, id, cmd, actor, meta, data
from es.events where stream = $1 and version > $2 order by version

-- name: read_all
select pos, stream, version, type, schema, at, id, cmd, actor, meta, data
from es.events where pos > $1 order by pos limit $2

-- name: head
select coalesce((select pos from es.events order by pos desc limit 1), 0)

-- name: epoch
select epoch from es.meta

-- name: checkpoint
select pos from es.checkpoints where name = $1

-- name: checkpoint_begin
insert into es.checkpoints (name, version, pos) values ($1, $2, 0)
on conflict (name) do update
  set version = excluded.version, status = 'running', error = null, at = now(),
      pos = case when es.checkpoints.version = excluded.version then es.checkpoints.pos else 0 end
returning pos

-- name: checkpoint_advance
update es.checkpoints set pos = $4, at = now() where name = $1 and version = $2 and pos = $3

-- name: checkpoint_stop
update es.checkpoints set status = 'stopped', error = $2, at = now() where name = $1

-- name: checkpoint_lock
select pos from es.checkpoints where name = $1 for update

-- name: park
insert into es.parked (name, pos, stream, error, tries) values ($1, $2, $3, $4, $5)
on conflict (name, pos) do update set error = excluded.error, tries = es.parked.tries + 1, at = now()

-- name: parked_streams
select distinct stream from es.parked where name = $1 and stream = any ($2::text[])

-- name: parked_count
select count(*) from es.parked where name = $1

-- name: parked_events
select e.pos, e.stream, e.version, e.type, e.schema, e.at, e.id, e.cmd, e.actor, e.meta, e.data
from es.parked p join es.events e on e.pos = p.pos
where p.name = $1 and p.stream = (select q.stream from es.parked q where q.name = $1 and q.pos = $2)
order by e.pos

-- name: unpark
delete from es.parked where name = $1 and pos = $2

-- name: verify
with placed as (
  select pos, row_number() over (order by pos) as wanted from es.events
), versions as (
  select pos, version, row_number() over (partition by stream order by version) as wanted from es.events
), holes as (
  (select wanted, pos as found from placed where pos <> wanted order by pos limit 1)
  union all
  (select pos, pos from versions where version <> wanted order by pos limit 1)
)
select (select coalesce(max(pos), 0) from es.events),
       (select wanted from holes limit 1), (select found from holes limit 1)

-- name: prune
delete from es.commands where ctid = any (array(select ctid from es.commands where at < $1 limit 10000))
