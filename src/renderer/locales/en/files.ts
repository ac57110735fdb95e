/** Choosing a file or folder of the station's computer. */
export const files = {
  choose: 'Choose…',
  chooseFor: 'Choose: {field}',
  home: 'Home folder',
  up: 'One folder up',
  about: '{size} KB, changed {date}',
  empty: 'This folder is empty.',
  more: '{count} more are not shown; type the path.',
  takeFolder: 'Take this folder',
}
