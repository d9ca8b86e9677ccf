import type { Same } from '../page/language'
import type zh from './zh-CN'

const en: Same<typeof zh> = {
  name: 'Deputies’ liaison station',
  idle: {
    today: 'Today’s notices',
    none: 'No notices today',
    hint: 'A new notice fills this screen and is played by itself',
    stale: 'Not connected: this is what came last',
  },
  link: {
    online: 'Connected',
    connecting: 'Connecting…',
    offline: 'Not connected, trying again; this screen works on',
    'signed-out': 'This screen is not accepted',
    unsent: '{count} receipts to be sent',
    stale: 'The database is not available; this is what was known at {time}',
  },
  locked: {
    title: 'Start this screen',
    hint: 'Enter the device key the administrator was given for this station. Once is enough.',
    label: 'Device key',
    placeholder: 'dk_…',
    go: 'Start',
    wrong:
      'The key is not complete: letters and figures beginning with dk_. Check it and enter it again.',
    refused:
      'This device key is not accepted; it may have been revoked or replaced. Ask the administrator to enrol this station again, then enter the new key.',
    again: 'Try again',
  },
  notice: {
    waiting: '{count} more waiting',
    waits_for_call: 'A notice waits until the call is over: {title}',
    blocked: 'Press here to hear the notice',
    blockedWhy: 'The browser keeps sound off until it is pressed once.',
    done: 'Answered: {label}',
    pending: 'Sending…',
    back: 'Back',
    change: 'Change to',
    close: 'Close',
    cannotOpen:
      'This screen cannot show such a file. Sign in on the station’s computer to read it.',
    notFetched: 'The file cannot be fetched just now. Open it again in a while.',
    more: 'Swipe up to read on',
  },
  parted: { cancelled: '"{title}" was withdrawn by its sender', expired: '"{title}" has expired' },
}

export default en
