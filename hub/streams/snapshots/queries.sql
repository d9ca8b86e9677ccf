-- name: own_district
select path from directory.person where 'person:' || id = $1
-- name: nearest_district
select path from directory.organisation where kind = 'station' and active and lon is not null
order by (lat - $2) * (lat - $2) + (lon - $1) * (lon - $1) * cos(radians($2)) * cos(radians($2)), id limit 1
-- name: strange_pieces
select wanted as file from unnest($1::uuid[]) wanted
 where exists(select 1 from files.file f where f.id = wanted and f.purpose <> $2)
-- name: units
select id from directory.organisation where kind = 'department' and active
-- name: announced
insert into snapshots.sending(id, person, path, kind, year, announced, outcome, attempts, waited, seconds, online, clock_off, pieces, bytes)
values($1, $2, $3, $4, $5, $6, 'underway', $7, 0, 0, true, false, $8, $9)
-- name: received
update snapshots.sending set path = $2, kind = $3, received = $4, outcome = 'delivered', attempts = $5, waited = $6, seconds = $7, online = $8,
  clock_off = $9, pieces = $10, bytes = $11 where id = $1
-- name: ended
update snapshots.sending set outcome = $2 where id = $1
-- name: figures
select case $2 when 'month' then to_char(s.announced at time zone 'Asia/Shanghai', 'YYYY-MM') when 'kind' then s.kind when 'deputy' then s.person else '' end as key,
  count(*)::int as announced, count(*) filter (where outcome = 'underway')::int as underway, count(*) filter (where outcome = 'dropped')::int as dropped,
  count(*) filter (where outcome in ('delivered', 'lost'))::int as ended, count(*) filter (where outcome = 'delivered')::int as delivered,
  count(*) filter (where outcome = 'lost')::int as lost, count(*) filter (where outcome = 'delivered' and attempts = 1)::int as first_try,
  count(*) filter (where outcome = 'delivered' and online)::int as online,
  count(*) filter (where outcome = 'delivered' and online and seconds <= $4)::int as in_time,
  percentile_cont(0.5) within group (order by seconds) filter (where outcome = 'delivered' and online) as median
from snapshots.sending s where ($1::int is null or s.year = $1) and s.path && $3::text[] group by 1 order by 1
-- name: sendings
select s.id, coalesce(i.title, '') as title, coalesce(i.number, '') as number, coalesce(p.name, '') as name, s.kind, s.announced, s.received, s.outcome,
  s.attempts, s.waited, s.seconds, s.online, s.clock_off, s.pieces, s.bytes, count(*) over() as total
from snapshots.sending s left join cases.item i on i.id = s.id and not i.private left join directory.person p on 'person:' || p.id = s.person
where ($1::int is null or s.year = $1) and ($2 = '' or s.outcome = $2) and (not $3 or s.attempts > 1) and s.path && $4::text[]
order by s.announced desc, s.id limit $5 offset $6
