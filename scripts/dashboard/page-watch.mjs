/** Put into the page: interactions and long frames as the browser itself reports them (W3C Event Timing, Long Animation Frames). */
globalThis.watched = { interactions: [], longFrames: [] }
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) globalThis.watched.longFrames.push(duration)
}).observe({ type: 'long-animation-frame' })
new PerformanceObserver((list) => {
  for (const { interactionId, duration } of list.getEntries())
    if (interactionId > 0) globalThis.watched.interactions.push(duration)
}).observe({ type: 'event', durationThreshold: 16 })
