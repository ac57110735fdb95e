/** Wear and contact faults of the fixture's sockets. */
export const sockets = {
  title: 'Socket',
  suspect: 'Contacts of this slot are suspect',
  suspectText: 'Boards fail here for want of contact more often than in the other slots. Clean the contacts.',
  insertions: 'Insertions',
  sinceCleaned: 'since the contacts were cleaned',
  cleaned: 'Contacts cleaned',
  cleanedBy: '{when}, {who}',
  yield: 'Passed here lately',
  yieldOf: '{passed} of {tried}',
  latest: 'Latest causes here',
  nowClean: 'Slot {slot}: the contacts count as cleaned.',
  due: 'Clean the contacts of slot {slots}.',
}
