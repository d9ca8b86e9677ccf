-- name: place
select path from directory.organisation where id = $1 and active and kind in ('city', 'district', 'station')
union all select path from directory.person where 'person:' || id = $1 and active and kind = 'deputy' limit 1
-- name: units
select id from directory.organisation where kind = 'department' and active
-- name: save
insert into opinions.item(id, path, district, station, unit, kind, grade, came, place, year, state, told_at, sorted, answered, rating, again, ended)
values($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
on conflict (id) do update set path = excluded.path, district = excluded.district, station = excluded.station,
  unit = case excluded.unit when '' then opinions.item.unit else excluded.unit end, kind = excluded.kind, grade = excluded.grade, place = excluded.place,
  state = excluded.state, sorted = coalesce(opinions.item.sorted, excluded.sorted), answered = coalesce(opinions.item.answered, excluded.answered),
  rating = excluded.rating, again = excluded.again, ended = excluded.ended
-- name: figures
select case $2 when 'month' then to_char(o.told_at at time zone 'Asia/Shanghai', 'YYYY-MM') when 'kind' then o.kind when 'district' then o.district
    when 'station' then o.station when 'unit' then o.unit when 'came' then o.came when 'place' then o.place else '' end as key,
  count(*)::int as received, count(*) filter (where state = 'merged' and answered is null)::int as merged,
  count(*) filter (where state = 'refused' and answered is null)::int as refused,
  count(*) filter (where answered is not null)::int as told, count(*) filter (where answered is not null or state in ('merged', 'refused'))::int as handled,
  count(*) filter (where ended is null)::int as open, count(*) filter (where again)::int as again,
  count(*) filter (where ended is null and exists(select from cases.clock c where c.case_id = o.id and c.due < $4 and c.clock <> 'rate'))::int as overdue,
  count(*) filter (where rating <> '')::int as rated, count(*) filter (where rating = 'satisfied')::int as satisfied,
  count(*) filter (where rating = 'basically')::int as basically, count(*) filter (where rating = 'unsatisfied')::int as unsatisfied,
  count(*) filter (where rating in ('satisfied', 'basically'))::int as resolved
from opinions.item o where ($1::int is null or o.year = $1) and o.path && $3::text[] group by 1 order by 1
-- name: rows
select o.id, i.title, i.number, o.kind, o.grade, o.came, o.place, o.district, o.station, o.unit, o.state, o.told_at as at, o.sorted, o.answered, o.rating, o.again,
  o.ended, count(*) over() as total
from opinions.item o join cases.item i on i.id = o.id
where ($1::int is null or o.year = $1) and ($2 = '' or o.rating = $2) and ($3 = '' or o.unit = $3) and o.path && $4::text[]
  and (not $5 or o.ended is null and exists(select from cases.clock c where c.case_id = o.id and c.due < $8 and c.clock <> 'rate'))
order by o.told_at desc, o.id limit $6 offset $7
-- name: frequent
with counted as (
  select 'kind' as what, o.kind as key, count(*)::int as n from opinions.item o where ($1::int is null or o.year = $1) and o.path && $2::text[] group by o.kind
  union all
  select 'place', o.place, count(*)::int from opinions.item o where ($1::int is null or o.year = $1) and o.path && $2::text[] and o.place <> '' group by o.place),
ranked as (select *, row_number() over(partition by what order by n desc, key) as rank from counted)
select what, key, n, rank::int from ranked where rank <= 10 order by what, rank
-- name: public_place
select o.id, o.name, o.address, o.hours from directory.organisation o where o.id = $1 and o.kind = 'station' and o.active
-- name: public_deputy
select 'person:' || p.id as id, p.name, coalesce(s.name, '') as station, coalesce(s.address, '') as address, coalesce(s.hours, '') as hours
from directory.person p left join directory.organisation s on s.kind = 'station' and s.active and s.id = any(p.path)
where p.id = $1 and p.kind = 'deputy' and p.active
-- name: own
select id, number, version, body from cases.item where id = any($1::uuid[]) and stream = 'opinions'
-- name: told_on
select id, answered from opinions.item where id = any($1::uuid[])
