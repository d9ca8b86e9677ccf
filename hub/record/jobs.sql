-- name: put
insert into work.jobs (kind, key, due, payload) values ($1, $2, $3, $4)
on conflict (kind, key) do update
  set due = excluded.due, payload = excluded.payload, tries = 0, lease = work.jobs.lease + 1,
      leased = null, error = null, dead = null

-- name: drop
delete from work.jobs where kind = $1 and key = $2

-- name: claim
update work.jobs j set tries = j.tries + 1, lease = j.lease + 1, leased = $4
from (
  select id from work.jobs
  where kind = any ($1::text[]) and dead is null and due <= $3 and (leased is null or leased <= $3)
  order by due, id limit $2 for update skip locked
) ready
where j.id = ready.id
returning j.id, j.kind, j.key, j.due, j.payload, j.tries, j.lease

-- name: next_due
select min(greatest(due, coalesce(leased, due))) from work.jobs where kind = any ($1::text[]) and dead is null

-- name: done
delete from work.jobs where id = $1 and lease = $2

-- name: failed
update work.jobs set due = $3, leased = null, error = $4 where id = $1 and lease = $2

-- name: died
update work.jobs set dead = $3, leased = null, error = $4 where id = $1 and lease = $2

-- name: dead
select id, kind, key, payload, tries, error, dead from work.jobs
where dead is not null order by dead desc limit $1
