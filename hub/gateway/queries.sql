-- name: one_speaks_at_a_time
select pg_advisory_xact_lock(hashtextextended('said ' || $1, 0))

-- name: said_before
-- $1 network, $2 what about, $3 mark of the words, $4 now, $5 what it becomes
select count(*) filter (where network = $1 and at > $4::timestamptz - interval '10 minutes') as lately,
       count(*) filter (where network = $1) as today,
       count(*) filter (where about = $2 and at > $4::timestamptz - interval '1 hour') as about_it,
       count(*) filter (where network = $1 and mark = $3) as same,
       count(*) filter (where network = $1 and case_id = $5) as again
  from access.guest_word where (network = $1 or about = $2) and at > $4::timestamptz - interval '1 day'

-- name: says
insert into access.guest_word values ($1, $2, $3, $4, $5)

-- name: forget_said
delete from access.guest_word where at < $1::timestamptz - interval '1 day'
