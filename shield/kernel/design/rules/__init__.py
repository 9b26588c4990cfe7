"""Pure parts of the house style: the charts, drawn as SVG from plain values, with no Django."""
