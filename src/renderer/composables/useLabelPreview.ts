import { ref, watch, type Ref } from 'vue'
import type { RequestResult } from '../../contract/index.ts'
import { useStation } from '../stores/station.ts'

type Preview = RequestResult<'label.preview'>

/** The picture of a label, fetched when the label changes; the one before stays until the new one is here. */
export const useLabelPreview = (labelId: () => string | null): Readonly<Ref<Preview | null>> => {
  const station = useStation()
  const preview = ref<Preview | null>(null)

  watch(
    () => [labelId(), station.connectionState.kind] as const,
    async ([id, connection]) => {
      if (id === null) {
        preview.value = null
        return
      }
      if (connection !== 'open') return
      try {
        const fetched = await station.request('label.preview', { labelId: id })
        if (labelId() === id) preview.value = fetched
      } catch (error) {
        // A picture is no reason to disturb the operator; the queue beside it says what the label does.
        console.error('The preview of a label could not be fetched:', error)
      }
    },
    { immediate: true },
  )
  return preview
}
