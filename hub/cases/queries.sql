-- name: case_body
select stream, version, body from cases.item where id = $1

-- name: titles
select id, title from cases.item where id = any($1::uuid[])

-- name: case_bodies
select id, stream, version, body, number, was from cases.item where id = any($1::uuid[])

-- name: kept
select body, version, number, year, was from cases.item where id = $1 for update

-- name: count_on
insert into cases.counter values ($1, $2, 1) on conflict (series, year) do update set last = cases.counter.last + 1 returning last

-- name: save_case
insert into cases.item (id, stream, version, body, number, year, title, kind, topic, state, terminal, open, private, confidential, path, refs,
                        was, turn, owes, lead, units, opened, since, changed, due, due_clock)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
on conflict (id) do update set
  version = excluded.version, body = excluded.body, number = excluded.number, year = excluded.year, title = excluded.title,
  kind = excluded.kind, topic = excluded.topic, state = excluded.state, terminal = excluded.terminal, open = excluded.open, private = excluded.private,
  confidential = excluded.confidential, path = excluded.path, refs = excluded.refs, was = excluded.was, turn = excluded.turn,
  owes = excluded.owes, lead = excluded.lead, units = excluded.units, since = excluded.since, changed = excluded.changed,
  due = excluded.due, due_clock = excluded.due_clock

-- name: save_clock
insert into cases.clock values ($1, $2, $3, $4, $5, $6) on conflict (case_id, clock) do update set
  started = excluded.started, due = excluded.due, extended = excluded.extended, struck = excluded.struck

-- name: drop_clock
delete from cases.clock where case_id = $1 and clock = $2

-- name: add_file
insert into cases.file values ($1, $2, $3, $4, $5) on conflict do nothing

-- name: strange_files
select wanted as file from unnest($1::uuid[]) wanted
 where not exists(select 1 from files.file f where f.id = wanted and f.purpose in ('case', 'snapshot') and f.by_id = $3)
   and not exists(select 1 from cases.file c where c.file = wanted and c.case_id = $2)

-- name: files_of_case
select f.id, f.name, f.mime, f.size, c.at, c.version from cases.file c join files.file f on f.id = c.file
 where c.case_id = $1 order by c.version, f.id

-- name: cases_of_file
select case_id from cases.file where file = $1

-- name: add_notice
insert into cases.notice (id, pos, event, case_id, stream, ref, path, at, zh, en, plain, urgent, late, bare)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing

-- name: notices_to_send
-- Refs that nobody stands behind any more are left out.
select n.stream, n.ref, n.plain, n.urgent from cases.notice n
 where n.event = $1
   and (exists(select 1 from directory.person p where n.ref = 'person:' || p.id and p.active)
     or exists(select 1 from directory.organisation o where n.ref = o.id and o.active and o.kind in ('department', 'station')))
union -- a unit's head is known by the account that signs for it
select n.stream, 'person:' || p.id, n.plain, n.urgent from cases.notice n
  join access.account a on 'head' = any(a.roles) and not a.disabled and n.ref in (select 'head:' || scope from unnest(a.scopes) scope)
  join directory.person p on p.id = a.person and p.active
 where n.event = $1
 order by ref

-- name: notices_again
select id, case_id as "case", stream, ref, path, bare, at, zh, en, urgent, late from cases.notice where id = any($1::uuid[])

-- name: notices_of_case
select id from cases.notice where case_id = $1

-- name: see_notices
insert into cases.seen values ($1, $2) on conflict (reader) do update set until = greatest(cases.seen.until, excluded.until)

-- name: relate
insert into cases.relation values ($1, $2, $3, $4, $5) on conflict (case_id, other) do update set kind = excluded.kind

-- name: related
select r.kind, true as towards, r.other as id from cases.relation r where r.case_id = $1
union all
select r.kind, false, r.case_id from cases.relation r where r.other = $1 order by 3

-- name: rule_versions
select version, valid_from, body from cases.rule_set where stream = $1 order by version

-- name: rule_rows
select stream, version, valid_from, body, note, by_name, at from cases.rule_set where stream = $1 order by version desc

-- name: add_rules
insert into cases.rule_set values ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: calendar_days
select day, works, name from cases.calendar_day order by day

-- name: clear_year
delete from cases.calendar_day where extract(year from day) = $1

-- name: save_day
insert into cases.calendar_day values ($1, $2, $3) on conflict (day) do update set works = excluded.works, name = excluded.name

-- name: trail
select version, type, schema, at, id, actor, data from es.events where stream = $1 order by version

-- name: names
select 'person:' || id as ref, name from directory.person where id = any($1::uuid[])
union all select id, name from directory.organisation where id = any($2::text[])
union all select 'account:' || id, name from access.account where id = any($3::uuid[])

-- name: waiting
select id from cases.item i
 where (i.turn && $1::text[] or i.owes && $1::text[] or ((i.turn && $2::text[] or i.owes && $2::text[]) and i.path && $3::text[]))
 order by i.due nulls last, i.opened, i.id limit $4

-- name: accounts
select id, login, name, person, password_hash, password_set_at, totp_secret, totp_offered, totp_step, totp_required, roles, scopes, disabled, last_command
  from access.account where not disabled

-- name: running
select id, stream, version, body from cases.item where due is not null and not terminal order by due

-- name: case_names
-- $1 cases, named by their numbers
select 'case:' || id as ref, coalesce(nullif(number, ''), title) as name from cases.item where id = any($1::uuid[])
