import { useCallback } from "react";
import uPlot from "uplot";
import { useTheme } from "@/lib/theme";

export type PlotOptions = (width: number, height: number) => uPlot.Options;

/**
 * A ref for the element that holds a chart. The chart is made again when its rows or the theme
 * change: a canvas keeps the colours it was drawn with.
 */
export function usePlot(options: PlotOptions, rows: uPlot.AlignedData) {
  const theme = useTheme();

  return useCallback(
    (element: HTMLElement | null) => {
      if (!element || !theme) return;
      const size = () => ({ width: element.clientWidth, height: element.clientHeight });
      const plot = new uPlot(options(size().width, size().height), rows, element);
      let isGone = false;
      // A canvas does not draw itself again when the font of its labels has come in.
      void document.fonts?.ready.then(() => !isGone && plot.redraw());
      const observer = new ResizeObserver(() => plot.setSize(size()));
      observer.observe(element);
      return () => {
        isGone = true;
        observer.disconnect();
        plot.destroy();
      };
    },
    [options, rows, theme],
  );
}
