// Products of plain numbers.

alias Left = f32;
alias Right = f32;
alias Sum = f32;

fn add(product: Product, sum: Sum, left: Left, right: Right) -> Sum {
  return sum + left * right;
}
