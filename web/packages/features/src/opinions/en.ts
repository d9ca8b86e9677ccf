import type zh from './zh-CN'

const en: typeof zh = {
  code: {
    title: 'Code for opinions',
    mine: 'My code for opinions',
    hint: 'Scan, and tell the deputies what you think',
    mine_hint:
      'Let voters scan it. The station sorts what they say, a unit handles it, and you check what was done.',
    station_hint:
      'Scan with your phone and write; what became of it can be seen on the phone as well',
    open: 'Say what you think',
    back: 'Back',
    hours: 'Hours: {hours}',
    address: 'Address: {address}',
    phone: 'Telephone: {phone}',
    png: 'Download as picture',
    print: 'Print',
    station: 'Code for opinions',
    sheet_hint: 'Print it and hang it at the station’s door; printing can save it as PDF, too.',
    copy: 'Copy the address',
    copied: 'Copied; it can be pasted into a chat.',
  },
  panel: {
    title: 'What the voter said',
    who: 'From',
    no_name: 'no name given',
    phone: 'Telephone',
    no_phone: 'no telephone given',
    film: 'Film',
  },
  figures: {
    title: 'Opinions in figures',
    link: 'Figures',
    all_years: 'All years',
    rates: 'Resolved and handled',
    by: {
      month: 'By month',
      district: 'By district',
      station: 'By station',
      unit: 'By unit',
      kind: 'By kind',
    },
    key: {
      month: 'Month',
      district: 'District',
      station: 'Station',
      unit: 'Unit',
      kind: 'Kind',
    },
    most: 'The ten most frequent',
    most_kinds: 'Kinds',
    most_places: 'Places',
    none: 'No opinion was received yet.',
    rows: 'One by one',
    rows_none: 'No opinion fits.',
  },
}
export default en
