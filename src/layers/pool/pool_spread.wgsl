// Windows that give what came to their units to their pixels. A shader says what for, `Spread`, and puts a pixel's share, nothing where no
// window holds it: put_share(spread, pixel, is_held).

// use pool

fn spread_over(window: Window, spread: Spread) {
  if (FOUR) {
    put_share(spread, window.begin, true);
    put_share(spread, window.begin + 1, true);
    put_share(spread, window.begin + params.width, true);
    put_share(spread, window.begin + params.width + 1, true);
    return;
  }
  var pixel = Pixel(window.begin, window.first);
  for (; pixel.at < window.over; pixel = pixel_after(pixel, window.first, window.last)) {
    put_share(spread, pixel.at, (pixel.x < window.end) & (pixel.at < window.close));
  }
}
