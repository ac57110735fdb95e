/**
 * Names of the two Electron channels. In a file of their own because the sandboxed preload script takes nothing else from the
 * contract at run time: no schema library runs there.
 *
 * - CHANNEL_CALL is invoked with one argument, a `Call` frame, and answers what `ImprintBridge.call` resolves to.
 * - CHANNEL_PUSH is sent with one argument, a `ViewPatch`.
 */
export const CHANNEL_CALL = 'imprint:call'
export const CHANNEL_PUSH = 'imprint:push'
