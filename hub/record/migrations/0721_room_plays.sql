-- What plays into a room that is no call: an uploaded sound, or words that the hub reads out. file null: nothing.
create table media.room_play(
  room    text collate "C" primary key,
  file    uuid,
  looping bool not null,
  by_name text not null,
  since   timestamptz not null,
  version bigint not null);
