-- name: account
select id, login, name, person, password_hash, password_set_at, totp_secret, totp_offered, totp_step,
       totp_required, roles, scopes, disabled, last_command
from access.account where id = $1

-- name: account_by_login
select id, login, name, person, password_hash, password_set_at, totp_secret, totp_offered, totp_step,
       totp_required, roles, scopes, disabled, last_command
from access.account where login = $1

-- name: lock_accounts
lock table access.account in share row exclusive mode

-- name: save_account
insert into access.account (id, login, name, person, roles, scopes, totp_required, password_hash, created)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (id) do update set login = excluded.login, name = excluded.name, person = excluded.person,
    roles = excluded.roles, scopes = excluded.scopes, totp_required = excluded.totp_required

-- name: login_taken
select exists (select from access.account where login = $1 and id <> $2)

-- name: any_account
select exists (select from access.account)

-- name: set_disabled
update access.account set disabled = $2 where id = $1

-- name: city_administrators
select count(*) from access.account
where not disabled and 'administrator' = any(roles) and 'city' = any(scopes)

-- name: set_first_password
update access.account set password_hash = $2, password_set_at = null where id = $1

-- name: change_password
update access.account set password_hash = $3, password_set_at = $4, last_command = $5
where id = $1 and password_hash = $2
returning id

-- name: rehash
update access.account set password_hash = $3 where id = $1 and password_hash = $2

-- name: offer_totp
update access.account set totp_offered = $2 where id = $1

-- name: confirm_totp
update access.account set totp_secret = totp_offered, totp_offered = null, totp_step = $2, last_command = $3
where id = $1

-- name: remove_totp
update access.account set totp_secret = null, totp_offered = null where id = $1

-- name: take_step
update access.account set totp_step = $2 where id = $1 and totp_step < $2 returning id

-- name: covers
select access.covers($1::text[], $2::text[])

-- name: unknown_scopes
select s from unnest($1::text[]) s
where s <> 'city'
  and not exists (select from directory.organisation where id = s and active)
  and not exists (select from directory.person where s = 'person:' || id::text and active)

-- Counted before the password is looked at: tries at the same moment cannot exceed the limit.
-- Knocking on a lock does not prolong it.
-- name: take_try
insert into access.failure as f (login, failed, last) values ($1, 1, $2)
on conflict (login) do update set
    failed = case when coalesce(f.locked_until, f.last + $4::interval) <= $2 then 1
                  else least(f.failed + 1, 1000) end,
    locked_until = case when coalesce(f.locked_until, f.last + $4::interval) <= $2 then null
                        when f.locked_until is null and f.failed + 1 >= $3 then $2 + $4::interval
                        else f.locked_until end,
    last = $2
returning failed > $3 as refused, locked_until

-- name: give_back_try
update access.failure set failed = greatest(least(failed, $2) - 1, 0), locked_until = null where login = $1

-- name: clear_failures
delete from access.failure where login = $1

-- name: forget_old_failures
delete from access.failure where last < $1

-- name: open_session
insert into access.session (token_hash, id, account, person, created, last_seen, expires, address, agent)
values ($1, $2, $3, $4, $5, $5, $6, $7, $8)

-- name: forget_old_sessions
delete from access.session where expires < $1

-- name: session
select s.id, s.account, s.person, s.created, s.last_seen, s.expires, s.revoked_at,
       p.name as person_name, p.active as person_active
from access.session s left join directory.person p on p.id = s.person
where s.token_hash = $1

-- name: session_seen
update access.session set last_seen = $2 where id = $1

-- name: account_seen
update access.account set last_seen = $2 where id = $1

-- name: session_owner
select s.account, s.person, s.revoked_at, coalesce(a.scopes, array['person:' || s.person]) as scopes,
       coalesce(a.roles, array['deputy']) as roles
from access.session s left join access.account a on a.id = s.account
where s.id = $1

-- name: end_session
update access.session set revoked_at = $2 where id = $1 and revoked_at is null

-- name: end_session_by_token
update access.session set revoked_at = $2 where token_hash = $1 and revoked_at is null
returning id, account, person

-- name: end_account_sessions
update access.session set revoked_at = $2
where account = $1 and revoked_at is null and id is distinct from $3
returning id

-- name: live_sessions
select id from access.session where account = $1 and revoked_at is null

-- name: end_person_sessions
update access.session set revoked_at = $2 where person = $1 and revoked_at is null returning id

-- name: void_links
insert into access.links_void (person, before) values ($1, $2)
on conflict (person) do update set before = greatest(access.links_void.before, excluded.before)

-- name: person_for_link
select p.name, v.before
from directory.person p left join access.links_void v on v.person = p.id
where p.id = $1 and p.active

-- name: lock_renewals
-- Of one person, until the transaction ends.
select pg_advisory_xact_lock(hashtext('access.link_renewal'), hashtext($1::text))

-- name: renewals
-- $1 person, $2 since
select count(*) as asked, max(asked) as last from access.link_renewal where person = $1 and asked > $2

-- name: add_renewal
insert into access.link_renewal (id, person, asked) values ($1, $2, $3)

-- name: forget_old_renewals
delete from access.link_renewal where asked <= $1

-- name: person_by_openid
select id from directory.person where openid = $1 and active

-- name: device_by_key
select d.id, d.station, d.name, d.last_seen, d.revoked_at, o.name as station_name, o.active is false as out_of_use
from access.device d left join directory.organisation o on o.id = d.station
where d.key_hash = $1

-- name: device
select id, station, created_by, created, revoked_at from access.device where id = $1

-- name: add_device
insert into access.device (id, station, name, key_hash, created, created_by) values ($1, $2, $3, $4, $5, $6)

-- name: end_device
update access.device set revoked_at = $2 where id = $1 and revoked_at is null

-- name: device_seen
update access.device set last_seen = $2 where id = $1

-- name: api_key_by_key
select id, name, roles, scopes, expires, last_seen, revoked_at from access.api_key where key_hash = $1

-- name: api_key
select id, roles, scopes, created_by, created, revoked_at from access.api_key where id = $1

-- name: add_api_key
insert into access.api_key (id, name, key_hash, roles, scopes, created, created_by, expires)
values ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: end_api_key
update access.api_key set revoked_at = $2 where id = $1 and revoked_at is null

-- name: api_key_seen
update access.api_key set last_seen = $2 where id = $1

-- name: account_rows
select a.id, a.login, a.name, a.person, a.roles, a.scopes, a.disabled, a.totp_secret is not null as totp,
       a.totp_required, f.locked_until, a.created, a.password_set_at, a.last_seen, count(*) over () as total
from access.account a left join access.failure f on f.login = a.login
where access.covers($1, a.scopes)
  and ($2 = '' or strpos(a.login, lower($2)) > 0 or strpos(lower(a.name), lower($2)) > 0)
  and ($3::text is null or $3 = any(a.roles))
order by a.login limit $4 offset $5

-- name: account_row
select a.id, a.login, a.name, a.person, a.roles, a.scopes, a.disabled, a.totp_secret is not null as totp,
       a.totp_required, f.locked_until, a.created, a.password_set_at, a.last_seen
from access.account a left join access.failure f on f.login = a.login
where a.id = $1

-- name: session_rows
select s.id, coalesce('account:' || s.account, 'person:' || s.person) as who,
       coalesce(a.name, p.name, '') as name, s.created, s.last_seen, s.expires, s.address, s.agent,
       count(*) over () as total
from access.session s
left join access.account a on a.id = s.account
left join directory.person p on p.id = s.person
where s.revoked_at is null and s.expires > $1 and s.last_seen > $1 - $2::interval
  and access.covers($3, coalesce(a.scopes, array['person:' || s.person]))
  and ($4 = '' or strpos(lower(coalesce(a.name, p.name, '')), lower($4)) > 0 or strpos(s.address, $4) > 0)
order by s.last_seen desc, s.id limit $5 offset $6

-- name: own_session_rows
select s.id, coalesce('account:' || s.account, 'person:' || s.person) as who,
       coalesce(a.name, p.name, '') as name, s.created, s.last_seen, s.expires, s.address, s.agent,
       count(*) over () as total
from access.session s
left join access.account a on a.id = s.account
left join directory.person p on p.id = s.person
where s.revoked_at is null and s.expires > $1 and s.last_seen > $1 - $2::interval
  and (s.account = $3 or s.person = $4)
order by s.last_seen desc, s.id limit 200

-- name: device_rows
select id, station, name, created, last_seen, revoked_at, count(*) over () as total
from access.device
where access.covers($1, array[station]) and ($2 or revoked_at is null)
  and ($3 = '' or strpos(lower(name), lower($3)) > 0 or strpos(station, lower($3)) > 0)
order by length(station), station, created, id limit $4 offset $5

-- name: api_key_rows
select id, name, roles, scopes, created, created_by, expires, last_seen, revoked_at, count(*) over () as total
from access.api_key
where access.covers($1, scopes) and ($2 or revoked_at is null)
  and ($3 = '' or strpos(lower(name), lower($3)) > 0)
order by created desc, id limit $4 offset $5

-- name: names_of
select 'account:' || id as id, name from access.account where 'account:' || id = any($1)
union all select 'key:' || id, name from access.api_key where 'key:' || id = any($1)
union all select 'person:' || id, name from directory.person where id = any($2::uuid[])
union all select id, name from directory.organisation where id = any($1)

-- name: person_org
select org from directory.person where id = $1

-- name: stations
select id from directory.organisation where kind = 'station' and active order by sort, id

-- name: seed_device
insert into access.device (id, station, name, key_hash, created, created_by) values ($1, $2, $3, $4, $5, $6)
on conflict (id) do nothing
