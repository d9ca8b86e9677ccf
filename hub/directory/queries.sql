-- name: organisations
-- $1 scopes, $2 ids (null: all)
select o.*, coalesce(c.people, '{}'::jsonb) as people
from directory.organisation o
left join (
    select org, jsonb_object_agg(kind, n) as people
    from (
        select unnest(p.path) as org, p.kind, count(*) as n
        from directory.person p
        where p.active and ($2::text[] is null or p.path && $2)
        group by 1, 2
    ) counted group by org
) c on c.org = o.id
where o.path && $1::text[] and ($2::text[] is null or o.id = any($2))
order by array_position(array['city', 'district', 'station', 'department'], o.kind), o.sort, o.id

-- name: people
-- $1 scopes, $2 text, $3 digits, $4 orgs, $5 kinds, $6 tags, $7 group, $8 road, $9 active,
-- $10 limit, $11 offset
with matching as materialized (
    select p.*
    from directory.person p
    where p.active = $9
      and (p.path && $1::text[] or 'person:' || p.id = any($1))
      and ($2 = '' or strpos(p.name, $2) > 0 or strpos(p.pinyin, lower($2)) > 0
           or strpos(lower(p.code), lower($2)) > 0 or ($3 <> '' and p.phone like '%' || $3))
      and (cardinality($4::text[]) = 0 or p.path && $4)
      and (cardinality($5::text[]) = 0 or p.kind = any($5))
      and (cardinality($6::text[]) = 0 or p.tags && $6)
      and ($7::uuid is null or exists (
          select from directory.team_member m where m.team = $7 and m.ref = 'person:' || p.id))
      and case $8
          when 'phone' then p.phone <> '' and p.phone_bad = ''
          when 'wechat' then p.openid <> '' and p.openid_bad = ''
          when 'none' then (p.phone = '' or p.phone_bad <> '') and (p.openid = '' or p.openid_bad <> '')
          else true end
)
select c.total, m.*, coalesce(o.name, '') as org_name
from (select count(*) as total from matching) c
left join (select * from matching order by pinyin, code limit $10 offset $11) m on true
left join directory.organisation o on o.id = m.org
order by m.pinyin, m.code

-- name: person_card
-- $1 scopes, $2 person
select p.*, coalesce(o.name, '') as org_name,
    array(select array[t.id::text, t.name] from directory.team t
          join directory.team_member m on m.team = t.id
          where m.ref = 'person:' || p.id order by t.name) as groups
from directory.person p
left join directory.organisation o on o.id = p.org
where p.id = $2 and (p.path && $1::text[] or 'person:' || p.id = any($1))

-- name: groups
-- $1 scopes: groups of these areas and of those around them
select t.*, coalesce(o.name, '') as scope_name,
    (select count(*) from directory.team_member m
     left join directory.person p on m.ref = 'person:' || p.id and p.active
     left join directory.organisation s on m.ref = s.id and s.active
     where m.team = t.id and (p.path && $1::text[] or s.path && $1::text[])) as members
from directory.team t
left join directory.organisation o on o.id = t.scope
where o.path && $1::text[] or t.scope in (
    select unnest(around.path) from directory.organisation around where around.id = any($1))
order by t.kind, t.name

-- name: group_members
-- $1 scopes, $2 group, $3 limit, $4 offset
with matching as materialized (
    select m.ref as id, coalesce(p.kind, s.kind) as kind, coalesce(p.name, s.name) as name,
        coalesce(p.org, s.parent, '') as org, coalesce(p.pinyin, '') as pinyin
    from directory.team_member m
    left join directory.person p on m.ref = 'person:' || p.id and p.active
    left join directory.organisation s on m.ref = s.id and s.active
    where m.team = $2 and (p.path && $1::text[] or s.path && $1::text[])
)
select c.total, m.*, coalesce(o.name, '') as org_name
from (select count(*) as total from matching) c
left join (select * from matching order by kind, pinyin, id limit $3 offset $4) m on true
left join directory.organisation o on o.id = m.org
order by m.kind, m.pinyin, m.id

-- name: rosters
-- $1 scopes, $2 org, $3 first day, $4 last day
select r.*, o.name as org_name, coalesce(p.name, '') as person_name, coalesce(p.phone, '') as phone,
    coalesce(b.name, '') as backup_name, coalesce(b.phone, '') as backup_phone
from directory.roster r
join directory.organisation o on o.id = r.org
left join directory.person p on p.id = r.person
left join directory.person b on b.id = r.backup
where o.path && $1::text[] and o.path && array[$2::text] and r.day between $3 and $4
order by r.starts, o.sort, r.org, r.id

-- name: on_duty
-- $1 scopes, $2 org, $3 the moment (null: now)
select r.*, o.name as org_name, coalesce(p.name, '') as person_name, coalesce(p.phone, '') as phone,
    coalesce(b.name, '') as backup_name, coalesce(b.phone, '') as backup_phone
from directory.roster r
join directory.organisation o on o.id = r.org
left join directory.person p on p.id = r.person
left join directory.person b on b.id = r.backup
where o.path && $1::text[] and o.path && array[$2::text]
  and r.starts <= coalesce($3, statement_timestamp()) and r.ends > coalesce($3, statement_timestamp())
order by o.sort, r.org, r.starts, r.id

-- name: tags
-- $1 scopes
select tag as id, count(*) as people
from directory.person p, unnest(p.tags) as tag
where p.active and p.path && $1::text[]
group by tag order by count(*) desc, tag

-- name: outlines
select id, geojson from directory.outline order by id



-- name: org_facts
-- $1 ids (null: all)
select * from directory.organisation where $1::text[] is null or id = any($1)

-- name: next_number
-- $1 kind: one above the highest. Ids are never free again
select coalesce(max(split_part(id, ':', 2)::int), 0) + 1 from directory.organisation where kind = $1

-- name: organisation_name
select name from directory.organisation where id = $1

-- name: namesake
-- $1 kind, $2 parent, $3 name
select id from directory.organisation where kind = $1 and parent = $2 and name = $3 and active limit 1

-- name: person_facts
-- $1 ids (null: all)
select id, code, kind, name, org, path, gender, delegation, district, term, post, phone, openid,
    phone_bad, openid_bad, opt_out, tags, active, version
from directory.person where $1::uuid[] is null or id = any($1)

-- name: code_holder
select name from directory.person where code = $1 and id <> $2

-- name: openid_holder
select name from directory.person where openid = $1 and openid <> '' and active and id <> $2

-- name: group_facts
-- $1 ids (null: all)
select t.id, t.name, t.kind, t.scope, t.note, t.version,
    coalesce(o.path, array[t.scope]) as path,
    array(select m.ref from directory.team_member m where m.team = t.id order by m.ref) as members
from directory.team t left join directory.organisation o on o.id = t.scope
where $1::uuid[] is null or t.id = any($1)

-- name: group_named
select exists (select from directory.team where name = $1 and id <> $2)

-- name: strangers
-- $1 wished refs, $2 scopes, $3 group: who is in it already may stay
select ref from unnest($1::text[]) as wished(ref)
where not exists (
    select from directory.person p
    where ref = 'person:' || p.id and p.active and p.path && $2::text[])
  and not exists (
    select from directory.organisation s
    where ref = s.id and s.kind = 'station' and s.active and s.path && $2::text[])
  and not exists (
    select from directory.team_member m where m.team = $3 and m.ref = wished.ref)

-- name: roster_fact
select r.id, r.org, coalesce(o.path, array[r.org]) as path, r.version
from directory.roster r left join directory.organisation o on o.id = r.org
where r.id = $1

-- name: active_people
select id from directory.person where active and id = any($1::uuid[])

-- name: save_organisations
-- $1 rows whose parents stand already
insert into directory.organisation (id, kind, parent, path, name, short_name, lon, lat, address, hours,
    contact, phone, photo, sort, auto_answer, active, version)
select x.id, x.kind, x.parent, coalesce(parent.path, '{}') || x.id, x.name, x.short_name, x.lon, x.lat,
    x.address, x.hours, x.contact, x.phone, x.photo, x.sort, x.auto_answer, x.active, x.version
from jsonb_to_recordset($1) as x(id text, kind text, parent text, name text, short_name text, lon float8,
    lat float8, address text, hours text, contact text, phone text, photo uuid, sort int,
    auto_answer bool, active bool, version bigint)
left join directory.organisation parent on parent.id = x.parent
on conflict (id) do update set kind = excluded.kind, parent = excluded.parent, path = excluded.path,
    name = excluded.name, short_name = excluded.short_name, lon = excluded.lon, lat = excluded.lat,
    address = excluded.address, hours = excluded.hours, contact = excluded.contact,
    phone = excluded.phone, photo = excluded.photo, sort = excluded.sort,
    auto_answer = excluded.auto_answer, active = excluded.active, version = excluded.version
returning id

-- name: move_organisations
-- Below $1: a path is the parent's path and oneself. Run until it changes nothing.
update directory.organisation o set path = parent.path || o.id
from directory.organisation parent
where parent.id = o.parent and o.path <> parent.path || o.id and parent.id = any($1)
returning o.id

-- name: move_people
update directory.person p set path = o.path
from directory.organisation o
where o.id = p.org and o.id = any($1) and p.path <> o.path

-- name: ancestors
select distinct unnest(path) as id from directory.organisation where id = any($1)

-- name: person_paths
select distinct unnest(path) as id from directory.person where id = any($1)

-- name: clash
-- $1 rows about to be saved: whose code or openid is somebody else's
with wished as materialized (select * from jsonb_to_recordset($1) as x(id uuid, code text, openid text))
select p.name from wished x join directory.person p on p.code = x.code
where p.id <> x.id and p.id not in (select id from wished)
union all
select p.name from wished x join directory.person p on p.openid = x.openid
where x.openid <> '' and p.active and p.openid <> '' and p.id <> x.id and p.id not in (select id from wished)
limit 1

-- name: save_people
insert into directory.person (id, code, kind, name, pinyin, gender, org, path, delegation, district,
    term, post, phone, openid, opt_out, tags, version)
select x.id, x.code, x.kind, x.name, x.pinyin, x.gender, x.org, coalesce(o.path, array[x.org]), x.delegation,
    x.district, x.term, x.post, x.phone, x.openid, x.opt_out, x.tags, x.version
from jsonb_to_recordset($1) as x(id uuid, code text, kind text, name text, pinyin text, gender text,
    org text, delegation text, district text, term text, post text, phone text, openid text,
    opt_out text[], tags text[], version bigint)
left join directory.organisation o on o.id = x.org
on conflict (id) do update set code = excluded.code, kind = excluded.kind, name = excluded.name,
    pinyin = excluded.pinyin, gender = excluded.gender, org = excluded.org, path = excluded.path,
    delegation = excluded.delegation, district = excluded.district, term = excluded.term,
    post = excluded.post, phone = excluded.phone, openid = excluded.openid,
    phone_bad = case when person.phone = excluded.phone then person.phone_bad else '' end,
    openid_bad = case when person.openid = excluded.openid then person.openid_bad else '' end,
    opt_out = excluded.opt_out, tags = excluded.tags, active = true, version = excluded.version

-- name: remove_person
update directory.person set active = false, version = $2 where id = $1

-- name: bind_openid
update directory.person set openid = $3, openid_bad = '', version = $2 where id = $1

-- name: spoil_address
update directory.person set version = $2,
    phone_bad = case when $3 <> 'wechat' and phone = $4 then $5 else phone_bad end,
    openid_bad = case when $3 = 'wechat' and openid = $4 then $5 else openid_bad end
where id = $1

-- name: clear_address
update directory.person set version = $2,
    phone_bad = case when $3 <> 'wechat' then '' else phone_bad end,
    openid_bad = case when $3 = 'wechat' then '' else openid_bad end
where id = $1

-- name: save_group
insert into directory.team (id, name, kind, scope, note, version) values ($1, $2, $3, $4, $5, $6)
on conflict (id) do update set name = excluded.name, kind = excluded.kind, scope = excluded.scope,
    note = excluded.note, version = excluded.version

-- name: drop_members
delete from directory.team_member where team = $1 and ref <> all($2::text[])

-- name: add_members
insert into directory.team_member (team, ref) select $1, unnest($2::text[]) on conflict do nothing

-- name: remove_group
delete from directory.team where id = $1

-- name: save_rosters
insert into directory.roster (id, org, day, starts, ends, person, duty, backup, version)
select * from jsonb_to_recordset($1) as x(id uuid, org text, day date, starts timestamptz, ends timestamptz,
    person uuid, duty text, backup uuid, version bigint)
on conflict (id) do update set org = excluded.org, day = excluded.day, starts = excluded.starts,
    ends = excluded.ends, person = excluded.person, duty = excluded.duty, backup = excluded.backup,
    version = excluded.version

-- name: remove_roster
delete from directory.roster where id = $1

-- name: save_outline
insert into directory.outline (id, geojson) values ($1, $2)
on conflict (id) do update set geojson = excluded.geojson

-- name: is_empty
select not exists (select from directory.organisation) and not exists (select from directory.person)

-- name: export_people
select p.code, p.name, p.kind, p.gender, p.org, p.delegation, p.district, p.term, p.post, p.phone,
    p.openid, p.opt_out, p.tags,
    array(select t.name from directory.team t join directory.team_member m on m.team = t.id
          where m.ref = 'person:' || p.id order by t.name) as groups
from directory.person p
where p.active and p.path && $1::text[]
order by array_position(array['deputy', 'attendee', 'staff', 'handler'], p.kind), p.org, p.code

-- name: export_organisations
select o.* from directory.organisation o where o.path && $1::text[]
order by array_position(array['city', 'district', 'station', 'department'], o.kind), o.sort, o.id

-- name: scope_sets
-- Rooms of watchers who look after several areas at once
select distinct scopes from access.account where cardinality(scopes) > 1
union select distinct scopes from access.api_key where cardinality(scopes) > 1
