-- name: told
select version, sha256 from exchange.object where object = $1

-- name: save_told
insert into exchange.object values ($1, $2, $3)
on conflict (object) do update set version = greatest(exchange.object.version, excluded.version), sha256 = excluded.sha256

-- name: events_after
select version from es.events where stream = $1 and version > $2 and type = any($3::text[]) order by version

-- name: events_until
select pos, stream, version, type, schema, at, id, cmd, actor, data from es.events where stream = $1 and version <= $2 order by version

-- name: never_told
select i.id from cases.item i
where i.stream = $1 and i.open and not i.terminal and not exists(select from exchange.object o where o.object = $2 || i.id) order by i.opened, i.id limit $3

-- name: item
select version, body, number, confidential from cases.item where id = $1

-- name: to_send
select p.id, p.number, p.year, p.n, p.object, p.sha256, p.state, p.events, p.tries, p.faults, coalesce(i.confidential and not p.bare, false) as hidden
from exchange.package p left join cases.item i on i.id = p.case_id where p.direction = 'out' and p.id = any($1::uuid[]) order by p.year, p.n

-- name: deputies
-- $1 to $3: this list has no period.
select coalesce(nullif(p.delegation, ''), '未分团') as part, p.code, p.name, p.delegation, p.district, coalesce(nullif(m.facts ->> 'term', ''), p.term) as term,
  coalesce(m.state, 'in_office') as status, (coalesce(m.facts ->> 'ended_on', m.facts ->> 'announced_on', m.facts ->> 'elected_on'))::date as since
from directory.person p
left join lateral (
  select i.state, convert_from(i.body, 'UTF8')::jsonb -> 'facts' as facts from cases.item i
  where i.stream = 'mandates' and i.open and i.refs @> array['person:' || p.id] order by i.opened desc limit 1) m on true
where p.kind = 'deputy' and (p.active or m.state = 'terminated') and ($1::text = '' and $2::date <= $3::date) order by 1, p.code

-- name: stations
select coalesce(d.name, '市本级') as part, o.id, o.name, coalesce(d.name, '') as district, o.address, o.hours, o.lon, o.lat, o.active as open
from directory.organisation o left join directory.organisation d on d.kind = 'district' and d.id = any(o.path)
where o.kind = 'station' and ($1::text = '' and $2::date <= $3::date) order by d.sort, d.id, o.sort, o.id

-- name: duties
-- $1 period, $2 its first and $3 its last day.
select coalesce(nullif(p.delegation, ''), '未分团') as part, $1::text as period, p.code, p.name, p.delegation,
  coalesce(sum(d.n), 0)::int as records, coalesce(sum(d.hours), 0)::float8 as hours,
  coalesce(jsonb_object_agg(d.kind, d.n) filter (where d.kind is not null), '{}'::jsonb) as kinds
from directory.person p left join (
  select i.lead, i.kind, count(*)::int as n, sum((f.facts ->> 'hours')::float8) as hours from cases.item i
  cross join lateral (select convert_from(i.body, 'UTF8')::jsonb -> 'facts' as facts offset 0) f
  where i.stream = 'duty_records' and i.state in ('counted', 'frozen') and (f.facts ->> 'on')::date between $2::date and $3::date
  group by i.lead, i.kind) d on d.lead = 'person:' || p.id
where p.kind = 'deputy' and p.active group by p.id order by 1, p.code

-- name: last_number
select coalesce(max(n), 0) from exchange.package where direction = $1 and year = $2

-- name: package
-- Of what goes over only the hash.
select id, direction, number, year, n, kind, object, sha256, state, events, tries, faults, title, case_id, bare from exchange.package where id = $1

-- name: package_by_number
select id, direction, number, year, n, kind, object, sha256, state, events, tries, faults, case_id, receipt, receipt_signature
from exchange.package where number = $1

-- name: unsettled_of
select id, number, year, n, object, sha256, state, events, tries, faults from exchange.package
where direction = 'out' and object = $1 and state not in ('applied', 'corrected', 'set_aside') order by year, n

-- name: heads
-- Of each object the first that is not settled, if it is on its way.
select p.id, p.state, greatest(p.due, a.due) as due, p.manifest, p.body from (
  select distinct on (object) id, state from exchange.package
  where direction = 'out' and state not in ('applied', 'corrected', 'set_aside') order by object, year, n) first
join exchange.package p using (id) left join exchange.asked a on a.package = p.id and p.state = 'received'
where first.state in ('queued', 'sent', 'received') order by greatest(p.due, a.due), p.year, p.n limit $1

-- name: add_package
insert into exchange.package (id, direction, year, n, number, kind, object, version, title, case_id, bare, state, events, built, manifest, body, sha256,
  replaces, trail)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)

-- name: move
with answered as (delete from exchange.asked where package = $1 and $2 <> 'received')
update exchange.package set state = $2, events = $3, tries = $4, faults = $5, due = $6, error = $7,
  sent = coalesce($8, sent), applied = coalesce($9, applied), seconds = coalesce(extract(epoch from $9::timestamptz - sent), seconds), errors = coalesce($10, errors),
  receipt = coalesce($11, receipt), receipt_signature = coalesce($12, receipt_signature), replaced_by = coalesce($13, replaced_by),
  trail = trail || $14::jsonb
where id = $1

-- name: ask_later
insert into exchange.asked select id, $2 from exchange.package where id = $1 and state = 'received'
on conflict (package) do update set due = excluded.due

-- name: province
select up, contact, coalesce(error, '') as error, coalesce(failures, 0) as failures, again from (select) one left join exchange.province on true

-- name: reached
insert into exchange.province (up, contact) values (true, $1)
on conflict (one) do update set up = true, contact = excluded.contact, error = '', failures = 0, again = null

-- name: found_away
insert into exchange.province as p (up, error, again, failures) values (false, $2, $3, 1)
on conflict (one) do update set up = false, error = excluded.error, again = excluded.again,
  failures = p.failures + case when p.again is null or p.again <= $1 then 1 else 0 end

-- name: try_now
update exchange.province set again = null

-- name: of_day
-- What the province has of that day, as far as we know.
select id, year, n, number, kind, object, sha256, state, events, tries, faults from exchange.package
where direction = 'out' and built >= $1 and built < $2 order by year, n

-- name: save_day
insert into exchange.day values ($1, $2, $3, $4, $5)
on conflict (day) do update set at = excluded.at, kinds = excluded.kinds, differing = excluded.differing, resent = excluded.resent

-- name: days
select day, at, kinds, differing, resent from exchange.day order by day desc limit 31

-- name: packages
-- $1 state, $2 kind, $3 direction, $4 pattern, $5 limit, $6 offset, $7 ids (null: all)
select *, count(*) over () as total from exchange.package
where ($1 = '' or state = $1) and ($2 = '' or kind = $2) and ($3 = '' or direction = $3) and ($4::text is null or number || ' ' || title ilike $4)
  and ($7::uuid[] is null or id = any($7))
order by built desc, year desc, n desc limit $5 offset $6

-- name: counts
select count(*) filter (where state in ('queued', 'sent', 'received'))::int as waiting, count(*) filter (where state in ('rejected', 'invalid'))::int as rejected,
  count(*) filter (where state = 'dead')::int as dead
from exchange.package where direction = 'out' and state not in ('applied', 'corrected', 'set_aside')

-- name: measured
select count(*)::int as measured, count(*) filter (where seconds < $1)::int as within, percentile_cont(0.5) within group (order by seconds) as p50,
  percentile_cont(0.95) within group (order by seconds) as p95
from (select seconds from exchange.package where direction = 'out' and seconds is not null order by applied desc limit 1000) last

-- name: spoken_of
select case_id from exchange.package where direction = 'out' and object = $1 and $1 <> '' order by year desc, n desc limit 1

-- name: answer
update exchange.package set receipt = $2, receipt_signature = $3 where id = $1
