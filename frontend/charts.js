// Charts: ECharts with the parts we use, as SVG and with a spoken description. Loaded only by pages that show one.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, AriaComponent, GridComponent, TooltipComponent, SVGRenderer]);
window.echarts = echarts;
document.dispatchEvent(new CustomEvent("linli:charts-ready"));
