using OnnxViz.Views;
using Xunit;

namespace OnnxViz.Tests.Cli;

public class DigitsTests
{
    [Theory]
    [InlineData(3643.95, 2, "3644")]
    [InlineData(3643.96, 2, "3644")]
    [InlineData(364.395, 2, "364.4")]
    [InlineData(36.4395, 2, "36.44")]
    [InlineData(0.38712, 2, "0.39")]
    [InlineData(0.38712, 4, "0.3871")]
    [InlineData(123456, 4, "123500")]
    [InlineData(-12345678, 4, "-1.235e7")]
    [InlineData(9999.96, 4, "10000")]
    [InlineData(0.0000213, 4, "2.1e-5")]
    [InlineData(0, 4, "0")]
    [InlineData(2, 4, "2")]
    [InlineData(double.NaN, 4, "NaN")]
    public void Shows_four_digits_at_most(double value, int decimals, string text) => Assert.Equal(text, Digits.Text(value, decimals));
}
