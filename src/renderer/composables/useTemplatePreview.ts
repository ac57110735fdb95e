import { onScopeDispose, ref, watch, type Ref } from 'vue'
import type { LabelTemplate, RequestParams, RequestResult } from '../../contract/index.ts'
import { useStation } from '../stores/station.ts'

type Preview = RequestResult<'templates.preview'>

/** While somebody types or drags, the station is asked at most so often, ms. */
const PAUSE = 120

/** The bitmap of a template as it is now, from the station; the one before stays until the next is here. */
export const useTemplatePreview = (
  template: () => LabelTemplate | null,
  how: () => Pick<RequestParams<'templates.preview'>, 'dpi' | 'values'>,
): Readonly<Ref<Preview | null>> => {
  const station = useStation()
  const preview = ref<Preview | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let latest = 0

  const fetch = async (): Promise<void> => {
    timer = undefined
    const shown = template()
    if (shown === null) return
    const turn = ++latest
    try {
      const found = await station.request('templates.preview', { template: shown, ...how() })
      if (turn !== latest) return
      // Nothing to draw: the picture before stays, with what is wrong now.
      preview.value = found.image === null && preview.value ? { ...preview.value, findings: found.findings } : found
    } catch (error) {
      console.error('The preview of the template could not be fetched:', error)
    }
  }
  watch(
    () => [template(), how(), station.connectionState.kind] as const,
    () => (timer ??= setTimeout(() => void fetch(), PAUSE)),
    { immediate: true, deep: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return preview
}
