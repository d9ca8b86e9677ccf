-- name: live_scene
select l.id, l.room, l.owner, l.state, l.title, l.about, l.poster, l.access, l.roles, l.org, l.dvr, l.record, l.replay,
       l.keep_days, l.recording, l.epoch, l.picture, l.version, access.path_of(l.owner) && $2::text[] as mine,
       coalesce(r.state = 'recording', false) as recording_runs, coalesce(r.version, 0) as recording_version
  from media.live l left join media.recording r on r.id = l.recording where l.id = $1

-- name: is_picture
select mime like 'image/%' from files.file where id = $1

-- name: knows_org
select true from directory.organisation where id = $1 and active union all select true where $1 = 'city' limit 1

-- name: live_in_room
select id from media.live where room = $1 and state = 'live' and id <> $2 limit 1

-- name: recording_scene
select r.id, r.room, r.owner, r.state, r.title, r.live, r.keep_days, r.speakers, r.archive, r.version,
       access.path_of(r.owner) && $2::text[] as mine,
       coalesce((select l.state = 'live' from media.live l where l.id = r.live), false) as serves_live
  from media.recording r where r.id = $1

-- name: room_owner
-- Who runs what happens in this room, as far as this room of the house knows.
select owner, coalesce((select m.title from media.meeting m where $1 like 'meeting:%' and m.id::text = substr($1, 9, 36)), title) as title,
       access.path_of(owner) && $2::text[] as mine
  from (select owner, title, 0 as rank, version from media.agenda where room = $1
        union all select owner, title, 1, version from media.live where room = $1 and state <> 'cancelled'
        union all select owner, title, 2, version from media.recording where room = $1) known
 order by rank, version desc limit 1

-- name: recording_of_room
select id from media.recording where room = $1 and state = 'recording' and speakers limit 1

-- name: agenda_scene
select room, owner, title, items, version from media.agenda where room = $1

-- name: items_of
select media.agenda_of($1)

-- name: item_at
select item from media.agenda_turn where room = $1 and at <= $2 order by at desc limit 1

-- name: speaker
select case when $1 like 'person:%' then (select name from directory.person where id::text = substr($1, 8) and active and path && $2::text[])
            when $1 like 'station:%' then (select name from directory.organisation where id = $1 and active and path || id && $2::text[])
            when $1 like 'account:%' then (select name from access.account where id::text = substr($1, 9) and not disabled) end

-- name: is_recorded
select exists(select 1 from media.recording r where r.room = $1 and r.archive and r.state in ('recording', 'closing', 'kept')
                 and r.started_at < $3 and coalesce(r.stopped_at, 'infinity') > $2)

-- name: speech_scene
select s.id, s.room, s.owner, s.meeting, s.person, s.person_name, s.source, s.agenda, s.agenda_title, s.since, s.until, s.note, s.state, s.edition,
       s.cut, s.path, s.version, access.path_of(s.owner) && $2::text[] as mine
  from media.speech s where s.id = $1

-- name: due_recordings
select id, owner, version from media.recording
 where state = 'kept' and keep_days is not null and stopped_at + make_interval(days => keep_days) <= $1 order by stopped_at limit $2

-- name: insert_live
insert into media.live(id, room, owner, title, about, poster, access, roles, org, dvr, record, replay, keep_days, state, starts,
                       by_name, created_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'planned', $14, $15, $16, $17)

-- name: change_live
update media.live set title = $2, about = $3, poster = $4, access = $5, roles = $6, org = $7, dvr = $8, record = $9, replay = $10,
       keep_days = $11, epoch = epoch + $12, version = $13 where id = $1

-- name: start_live
update media.live set state = 'live', started_at = $2, recording = $3, version = $4 where id = $1

-- name: end_live
with gone as (delete from media.live_audience where live = $1), unready as (delete from media.live_ready where live = $1)
update media.live set state = 'ended', ended_at = $2, version = $3 where id = $1

-- name: cancel_live
update media.live set state = 'cancelled', ended_at = $2, version = $3 where id = $1

-- name: turn_replay
update media.live set replay = $2, version = $3 where id = $1

-- name: pick_picture
update media.live set picture = $2, version = $3 where id = $1

-- name: void_links
update media.live set epoch = epoch + 1, version = $2 where id = $1

-- name: insert_recording
insert into media.recording(id, room, owner, title, live, speakers, archive, state, started_at, keep_days, by_name, version)
values ($1, $2, $3, $4, $5, $6, $7, 'recording', $8, $9, $10, $11)

-- name: stop_recording
update media.recording set state = 'closing', stopped_at = $2, version = $3 where id = $1

-- name: file_recording
update media.recording set state = $2, stopped_at = coalesce(stopped_at, $3), why = coalesce(nullif($4, ''), why), version = $5,
       size = (select coalesce(sum(size), 0) from media.recorded_file where recording = $1),
       seconds = (select coalesce(extract(epoch from max(until) - min(since)), 0) from media.recorded_file where recording = $1)
 where id = $1 returning room, live

-- name: insert_file
insert into media.recorded_file values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)

-- name: keep_recording
update media.recording set title = $2, keep_days = $3, version = $4 where id = $1

-- name: drop_recording
with gone as (delete from media.recorded_file where recording = $1)
update media.recording set state = 'dropped', why = $2, version = $3 where id = $1 returning live

-- name: save_agenda
insert into media.agenda(room, owner, title, items, version) values ($1, $2, $3, $4, $5)
on conflict (room) do update set title = excluded.title, items = excluded.items, version = excluded.version

-- name: turn_agenda
with turned as (insert into media.agenda_turn(room, at, item) values ($1, $2, $3) on conflict (room, at) do update set item = excluded.item)
update media.agenda set version = $4 where room = $1

-- name: insert_speech
insert into media.speech(id, room, owner, meeting, person, person_name, source, agenda, agenda_title, since, until, origin, note,
                         state, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'waiting', $14)

-- name: correct_speech
update media.speech set edition = $2, person = $3, person_name = $4, source = $5, agenda = $6, agenda_title = $7, since = $8,
       until = $9, note = $10, version = $11 where id = $1

-- name: drop_speech
update media.speech set state = 'dropped', why = $2, version = $3 where id = $1

-- name: place_speech
-- The recording that covers most of it; while that runs, the speech waits.
with best as (
  select r.id, r.state from media.recording r, media.speech s
   where s.id = $1 and r.room = s.room and r.archive and r.state in ('recording', 'closing', 'kept')
     and r.started_at < s.until and coalesce(r.stopped_at, 'infinity') > s.since
   order by r.speakers desc, least(coalesce(r.stopped_at, 'infinity'), s.until) - greatest(r.started_at, s.since) desc, r.id limit 1)
update media.speech s set recording = (select id from best), why = case when exists(select 1 from best) then '' else $2 end,
       state = case (select state from best) when 'kept' then 'cutting' when 'recording' then 'waiting' when 'closing' then 'waiting' else 'failed' end
 where s.id = $1 and s.state <> 'dropped' returning s.state, s.edition

-- name: waiting_for
select id from media.speech where room = $1 and state = 'waiting'

-- name: file_clip
update media.speech set state = 'filed', cut = $2, path = $3, sha256 = $4, size = $5, seconds = $6, clip_since = $7, clip_until = $8,
       parts = $9, why = '', version = $10 where id = $1

-- name: refuse_clip
update media.speech set state = 'failed', why = $2, version = $3 where id = $1

-- name: set_speech_version
update media.speech set version = $2 where id = $1

-- name: lives
select l.*, access.path_of(l.owner) as owner_path, coalesce(o.name, l.org) as org_name, y.since is not null as ready,
       media.viewers_of(l.id, $6) as viewers,
       l.replay and l.state = 'ended' and r.state = 'kept' and exists(
         select 1 from media.recorded_file f where f.recording = r.id and f.role = 'programme') as replay_ready,
       r.seconds, case when l.state = 'live' then coalesce(r.why, '') else '' end as trouble, count(*) over () as matching
  from media.live l
  left join directory.organisation o on o.id = l.org
  left join media.live_ready y on y.live = l.id
  left join media.recording r on r.id = l.recording
 where ($1::uuid[] is null or l.id = any($1)) and access.path_of(l.owner) && $2::text[]
   and (case when cardinality($3::text[]) = 0 then $1 is not null or l.state <> 'cancelled' else l.state = any($3) end)
   and ($4::text is null or l.title ilike $4 or l.about ilike $4)
 order by array_position(array['live', 'planned', 'ended', 'cancelled'], l.state),
          case when l.state = 'planned' then l.starts end, coalesce(l.started_at, l.created_at) desc, l.id
 limit $5 offset $7

-- name: watchable
-- $1: roles, $2: everything above the asker's scopes, with themselves; $3: who asked for a playlist before is gone.
select l.id, l.title, l.about, l.state, l.access, l.poster, l.epoch, l.starts, l.started_at, l.ended_at, r.seconds,
       media.viewers_of(l.id, $3) as viewers,
       l.replay and l.state = 'ended' and r.state = 'kept' and exists(
         select 1 from media.recorded_file f where f.recording = r.id and f.role = 'programme') as replay_ready
  from media.live l left join media.recording r on r.id = l.recording
 where (l.state in ('planned', 'live') or (l.state = 'ended' and l.replay and r.state = 'kept'))
   and (l.access = 'public' or (l.access = 'roles' and l.roles && $1::text[] and l.org = any($2::text[])))
 order by array_position(array['live', 'planned', 'ended'], l.state), case when l.state = 'planned' then l.starts end,
          coalesce(l.started_at, l.created_at) desc limit 100

-- name: paths_of
select coalesce(array_agg(distinct one), '{}') from unnest($1::text[]) s, unnest(access.path_of(s)) one

-- name: recordings
select r.*, access.path_of(r.owner) as owner_path, count(*) over () as matching,
       (select count(*) from media.recorded_file f where f.recording = r.id)::int as files_count,
       (select count(*) from media.speech s where s.recording = r.id and s.state <> 'dropped')::int as speeches,
       r.stopped_at + make_interval(days => r.keep_days) as keep_until
  from media.recording r
 where ($1::uuid[] is null or r.id = any($1)) and access.path_of(r.owner) && $2::text[] and (r.archive or $1 is not null)
   and (case when cardinality($3::text[]) = 0 then $1 is not null or r.state <> 'dropped' else r.state = any($3) end)
   and ($4::text is null or r.title ilike $4 or exists(select 1 from media.recorded_file f where f.recording = r.id and f.name ilike $4))
   and ($5::text is null or r.room = $5)
   and ($6::timestamptz is null or r.started_at >= $6) and ($7::timestamptz is null or r.started_at < $7)
 order by r.started_at desc, r.id limit $8 offset $9

-- name: files_of
select f.* from media.recorded_file f where f.recording = any($1::uuid[]) order by f.recording, f.place

-- name: speeches
select s.*, access.path_of(s.owner) as owner_path, media.shown_place(s.person) as place, count(*) over () as matching
  from media.speech s
 where ($1::uuid[] is null or s.id = any($1)) and access.path_of(s.owner) && $2::text[]
   and (case when cardinality($3::text[]) = 0 then $1 is not null or s.state <> 'dropped' else s.state = any($3) end)
   and ($4::text is null or s.person_name ilike $4 or s.meeting ilike $4 or s.note ilike $4
        or s.agenda_title ilike $4)
   and ($5::text is null or s.room = $5) and ($6::text is null or s.person = $6) and ($7::text is null or s.agenda = $7)
 order by s.since desc, s.id limit $8 offset $9

-- name: own_speeches
select s.id, s.meeting, s.since, s.seconds, s.size, s.sha256, s.parts, s.person, s.agenda_title
  from media.speech s where (s.person = any($1::text[]) or s.id = any($2::uuid[])) and s.path <> '' and s.state in ('filed', 'cutting', 'failed')
 order by s.since desc limit 500

-- name: agendas
select a.room as id, a.title, a.items, access.path_of(a.owner) as owner_path, t.item, t.at as since
  from media.agenda a left join lateral (
    select item, at from media.agenda_turn t where t.room = a.room order by at desc limit 1) t on true
 where a.room = any($1::text[]) and access.path_of(a.owner) && $2::text[]
union all
select 'meeting:' || m.id, m.title, media.agenda_of('meeting:' || m.id), array['city'], nullif(m.item, 0)::text, null
  from media.meeting m
 where 'meeting:' || m.id = any($1::text[]) and exists(
   select 1 from media.recording r where r.room = 'meeting:' || m.id and access.path_of(r.owner) && $2::text[])

-- name: speakers
select s.person as id, max(s.person_name) as name, media.shown_place(s.person) as place, count(*)::int as speeches,
       count(distinct s.room)::int as meetings, sum(s.seconds) as seconds, max(s.since) as last_at, count(*) over () as matching
  from media.speech s
 where s.state = 'filed' and access.path_of(s.owner) && $1::text[] and ($2::text is null or s.person_name ilike $2)
   and ($3::text is null or s.room = $3)
 group by s.person order by sum(s.seconds) desc, s.person limit $4 offset $5

-- name: accesses
select id, at, actor, act, outcome, address, coalesce(detail ->> 'name', actor) as name
  from work.audit where object = $1 and object ~ '^(recording|speech|live):' order by id desc limit $2

-- name: totals
select 'all' as id, (select count(*) from media.live where state = 'live' and access.path_of(owner) && $1::text[])::int as live,
       (select coalesce(sum(a.viewers), 0) from media.live_audience a join media.live l on l.id = a.live
         where a.at > $2 and l.state = 'live' and access.path_of(l.owner) && $1::text[])::int as viewers,
       r.n::int as recordings, r.seconds as recorded_seconds, r.size::bigint as recorded_size, s.n::int as speeches, s.people::int
  from (select count(*) as n, coalesce(sum(seconds), 0) as seconds, coalesce(sum(size), 0) as size from media.recording
         where state in ('recording', 'closing', 'kept') and archive and access.path_of(owner) && $1::text[]) r,
       (select count(*) as n, count(distinct person) as people from media.speech
         where state = 'filed' and access.path_of(owner) && $1::text[]) s

-- name: scope_sets
select distinct scopes from access.account where cardinality(scopes) > 1
union select distinct scopes from access.api_key where cardinality(scopes) > 1

-- name: shown_live
-- What the door needs to know of a live meeting. $2: who asked for a playlist before is gone.
select media.viewers_of(l.id, $2) as viewers, l.id, l.room, l.owner, l.title, l.about, l.poster, l.state, l.access, l.roles, l.org, l.dvr, l.epoch, l.recording, l.starts,
       l.started_at, l.ended_at, l.replay and l.state = 'ended' and r.state = 'kept' as replay_ready, access.path_of(l.owner) as path
  from media.live l left join media.recording r on r.id = l.recording where l.id = $1

-- name: programme
select path, since, until from media.recorded_file where recording = $1 and role = 'programme' order by place

-- name: file_for
select f.path, f.name, f.role, f.sha256, f.video, f.since, r.title, r.owner, access.path_of(r.owner) && $3::text[] as mine
  from media.recorded_file f join media.recording r on r.id = f.recording where f.recording = $1 and f.place = $2

-- name: clip_for
select s.path, s.parts, s.person, s.person_name, s.meeting, s.sha256, s.since, access.path_of(s.owner) && $2::text[] as mine
  from media.speech s where s.id = $1 and s.path <> '' and s.state <> 'dropped'

-- name: wanted
-- What should run now in plane and studio.
select r.id as recording, r.room, r.started_at, r.speakers, l.id as live, coalesce(l.dvr, 0) as dvr, l.state as live_state,
       coalesce(l.picture, '') as picture
  from media.recording r left join media.live l on l.id = r.live and l.state = 'live'
 where r.state = 'recording'

-- name: to_record
-- Calls (media/calls) that ask to be recorded and are open, and never were.
select 'call:' || c.id as room, coalesce(nullif(left(c.title, 60), ''), '通话') as title,
       coalesce(c.path[cardinality(c.path)], 'city') as owner
  from media.call c where c.ended_at is null and c.opened_at is not null and (c.options ->> 'record')::bool
   and not exists(select 1 from media.recording r where r.room = 'call:' || c.id)

-- name: own_rooms
-- Rooms that an encoder may publish into: of what is live, and of what is planned and not forgotten.
select id, room, state, version from media.live
 where room = 'live:' || id and (state = 'live' or (state = 'planned' and coalesce(starts, created_at) > $1)) and ($2::text is null or room = $2)

-- name: count_viewers
insert into media.live_audience(live, node, viewers, at) select w.live, $2, w.viewers, $4
  from unnest($1::uuid[], $3::int[]) w(live, viewers)
on conflict (live, node) do update set viewers = excluded.viewers, at = excluded.at

-- name: raise_peak
update media.live l set peak = now_.n from (
  select a.live, sum(a.viewers)::int as n from media.live_audience a where a.live = any($1::uuid[]) and a.at > $2 group by a.live) now_
 where l.id = now_.live and l.peak < now_.n

-- name: set_ready
insert into media.live_ready values ($1, $2) on conflict (live) do update set since = excluded.since

-- name: speech_to_cut
select id, room, meeting, person, person_name, source, agenda, agenda_title, since, until, edition, recording, state, path
  from media.speech where id = $1

-- name: recorded_in
select f.path, f.ref, f.role, f.video, f.since, f.until from media.recorded_file f join media.recording r on r.id = f.recording
 where f.recording = $1 and f.since < $3 and f.until > $2 order by f.since

-- name: followed
-- Rooms whose speakers are recorded, or were a moment ago: whose turns become speeches.
select distinct room from media.recording where speakers and archive and (state = 'recording' or stopped_at > $1)

-- name: words_had
-- Turns of a meeting's speakers (media/meetings) that have ended and stand in no line yet.
select t.ref, t.name, t.item, t.item_name, t.since, t.until from media.meeting_speech t
 where t.meeting = $2::uuid and exists(select 1 from media.recording r where r.room = $1 and r.speakers and r.archive
                                    and r.started_at < t.until and coalesce(r.stopped_at, 'infinity') > t.since)
   and not exists(select 1 from media.speech s where s.room = $1 and s.source = t.ref and s.since = t.since)
 order by t.since limit 100

-- name: set_trouble
-- $1: a recording, or a live meeting whose programme is kept.
update media.recording set why = left($2, 200) where (id = $1 or live = $1) and state in ('recording', 'closing') returning id, live

-- name: seats
-- Of rooms that an encoder publishes into: which seats may still be taken.
select l.id, l.room, l.epoch, l.state,
       array(select k.id::text from media.stream_key k where k.live = l.id and k.revoked_at is null) as keys
  from media.live l where l.state in ('planned', 'live') and l.room = 'live:' || l.id

-- name: stream_key
select id, live, name, made_by, made_at from media.stream_key where id = $1

-- name: add_stream_key
insert into media.stream_key(id, live, name, hash, made_by, by_name, made_at) values ($1, $2, $3, $4, $5, $6, $7)

-- name: stream_keys_of
select id, name, by_name, made_at, used_at, revoked_at from media.stream_key where live = $1 order by made_at desc limit 100

-- name: live_of_key
select live from media.stream_key where id = $1

-- name: revoke_stream_key
update media.stream_key set revoked_at = coalesce(revoked_at, $2) where id = $1

-- name: stream_key_shown
-- $2: the room it is shown for. A key opens the room of its own live meeting, while that is planned or runs.
select k.id, k.name, k.revoked_at, l.room = $2 and l.state in ('planned', 'live') as opens
  from media.stream_key k join media.live l on l.id = k.live where k.hash = $1

-- name: stream_key_used
update media.stream_key set used_at = $2 where id = $1

-- name: retention
-- $1: scopes, $2: the next sweep. What goes then, and when the last one was.
select (select count(*) from media.recording where state = 'kept' and keep_days is not null and access.path_of(owner) && $1::text[]
           and stopped_at + make_interval(days => keep_days) <= $2)::int as due,
       (select at from work.audit where act = 'SweepRecordings' and outcome = 'ok' order by id desc limit 1) as swept_at

-- name: room_play
select p.room, p.file, p.looping, p.by_name, p.since, p.version, f.name from media.room_play p left join files.file f on f.id = p.file where p.room = $1

-- name: set_room_play
insert into media.room_play(room, file, looping, by_name, since, version) values ($1, $2, $3, $4, $5, $6)
on conflict (room) do update set file = excluded.file, looping = excluded.looping, by_name = excluded.by_name, since = excluded.since,
  version = excluded.version

-- name: sound_stands
-- What was made for playing; a clip of a conversation is not.
select exists(select from files.file where id = $1 and purpose = 'audio' and seconds is not null)

-- name: sounding
select p.room, p.file, p.looping, p.version, f.variants ->> 'original' as original
  from media.room_play p join files.file f on f.id = p.file
