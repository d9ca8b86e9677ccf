-- name: may
-- $1 streams that are told first, $2 the stream that is told last. Only the demo city's people have these numbers.
with begun as (select min(at) as since from es.events where stream = any($1::text[]))
select since, exists(select from directory.person where code = 'D0440') as city,
    not exists(select from es.events where stream = $2) and (since is not null or not exists(select from cases.item)) as may
from begun

-- name: inhabited
select exists(select from directory.person)

-- name: read
-- Whoever is told of cases has read what is older than $1.
insert into cases.seen
select 'account:' || id, $1::timestamptz from access.account union all select 'person:' || id, $1::timestamptz from directory.person where kind in ('deputy', 'handler', 'attendee')
on conflict do nothing

-- name: deputies
select 'person:' || id as ref, code, name, org, delegation, district, post, term, tags from directory.person
where kind = 'deputy' and active order by code

-- name: units
select id, name from directory.organisation where kind = 'department' and active order by sort

-- name: workers
select 'person:' || id as ref, name, org, kind from directory.person
where kind in ('handler', 'attendee') and active and org like 'department:%' order by code

-- name: stations
select s.id, s.name, s.short_name as short, s.address, s.lon, s.lat, coalesce(d.name, '') as district, coalesce(d.id, 'city') as scope
from directory.organisation s
left join directory.organisation d on d.id = s.parent and d.kind = 'district'
where s.kind = 'station' and s.active and s.lon is not null order by s.sort
