import type { Same } from '../page/language'
import type zh from './zh-CN'

const en: Same<typeof zh> = {
  received: 'Received',
  drill: '[Drill]',
  priority: { ordinary: 'Ordinary', important: 'Important', emergency: 'Emergency' },
  standing: {
    open: 'Needs an answer',
    answered: 'Answered',
    expired: 'Expired',
    cancelled: 'Withdrawn',
  },
  mine: {
    sending: 'Sending…',
    kept: 'Noted; will be sent when the line is back',
    taken: 'The hub has it',
  },
  sound: {
    title: 'Spoken notice',
    play: 'Play',
    pause: 'Pause',
    loading: 'Getting the sound ready…',
    playing: 'Playing',
    paused: 'Press to listen',
    blocked: 'The browser keeps sound off until you press Play',
    failed: 'The sound cannot be played just now. Read the text, then press to try again',
    ended: 'Played to the end',
  },
  reason: {
    title: 'Your reason: {label}',
    placeholder: 'For example: travelling for work, back on 28 November',
    send: 'Send',
    back: 'Back',
    needed: 'Write a reason, or choose one of the usual ones.',
    limit: '200 characters at most',
    common: ['Travelling for work', 'Not well', 'Another meeting', 'Family matter'],
  },
  when: {
    today: 'today {time}',
    yesterday: 'yesterday {time}',
    tomorrow: 'tomorrow {time}',
    day: '{date}/{month} {time}',
  },
  paper: {
    loading: 'Opening the file…',
    away: 'The file cannot be fetched just now. Check the network and try again.',
    locked:
      'This file has a password and cannot be opened here. Ask the sender for one without a password.',
    broken: 'This file is damaged or no PDF and cannot be opened. Ask the sender to send it again.',
    again: 'Try again',
    page: 'Page {page} of {pages}',
    at: '{page} / {pages}',
    back: 'Previous',
    next: 'Next',
    smaller: 'Smaller',
    larger: 'Larger',
    close: 'Close',
  },
  attachments: 'Attachments',
  open: 'Open',
  from: 'Sent by {name}',
  ended: 'Ended {time}',
}

export default en
