/** Put into the page: interactions and long frames as the browser itself reports them (W3C Event Timing, Long Animation Frames). */
globalThis.watched = { interactions: [], longFrames: [] }
new PerformanceObserver((list) => {
  for (const { startTime, duration, styleAndLayoutStart, scripts } of list.getEntries())
    globalThis.watched.longFrames.push({
      duration,
      scripts: scripts.reduce((sum, script) => sum + script.duration, 0),
      forced: scripts.reduce((sum, script) => sum + script.forcedStyleAndLayoutDuration, 0),
      layout: styleAndLayoutStart === 0 ? 0 : startTime + duration - styleAndLayoutStart,
    })
}).observe({ type: 'long-animation-frame' })
new PerformanceObserver((list) => {
  for (const { interactionId, duration } of list.getEntries())
    if (interactionId > 0) globalThis.watched.interactions.push(duration)
}).observe({ type: 'event', durationThreshold: 16 })
