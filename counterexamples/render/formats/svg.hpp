// Pieces of pictures. Everything is given in pixels; texts come from strangers and are cut to the room they have.
#pragma once

#include <string>
#include <string_view>

namespace hotproof::render {

class Svg {
 public:
  static constexpr double character = 6.7;  // a column of the monospace font at the size that is used

  // `kind`: a class of the style sheet. `room`: pixels to the next thing.
  void text(double x, double y, std::string_view words, std::string_view kind, double room);
  void line(double x1, double y1, double x2, double y2, std::string_view kind);
  void arrow(double x1, double y1, double x2, double y2, std::string_view kind);
  void rect(double x, double y, double width, double height, std::string_view kind, std::string_view hover = "");
  void circle(double x, double y, double radius, std::string_view kind);
  void ellipse(double x, double y, double rx, double ry, std::string_view kind);
  // A curve from one point to another, bent towards a third; with an arrow's head.
  void curve(double x1, double y1, double cx, double cy, double x2, double y2, std::string_view kind);

  // The whole picture. `title` is what screen readers say.
  std::string document(double width, double height, std::string_view title) const;

 private:
  std::string body_;
};

}  // namespace hotproof::render
