using System.Text;

namespace WebhookDelivery.Core.Tests;

public sealed class ResponseHeadersTests
{
    [Fact]
    public void Read_Lines_AreNamesAndValuesInOrder() =>
        Assert.Equal(
            [new("Server", "nginx"), new("X-Empty", ""), new("X", "a: b"), new("alone", "")],
            Of("Server: nginx\nX-Empty: \nX: a: b\nalone\n").Read()
        );

    [Fact]
    public void Read_Nothing_IsEmpty()
    {
        Assert.Empty(ResponseHeaders.None.Read());
        Assert.Same(ResponseHeaders.None, ResponseHeaders.OfLines(default));
        Assert.True(ResponseHeaders.None.IsEmpty);
    }

    [Theory]
    [InlineData(-5, "")]
    [InlineData(0, "")]
    [InlineData(4, "")]
    [InlineData(5, "A: 1\n")]
    [InlineData(9, "A: 1\n")]
    [InlineData(10, "A: 1\nB: 2\n")]
    public void Within_Bytes_AreTheWholeLinesThatFit(int bytesMax, string expected) =>
        Assert.Equal(Of(expected), Of("A: 1\nB: 2\n").Within(bytesMax));

    [Fact]
    public void Equals_SameLines_IsByContent()
    {
        Assert.Equal(Of("A: 1\n"), Of("A: 1\n"));
        Assert.Equal(Of("A: 1\n").GetHashCode(), Of("A: 1\n").GetHashCode());
        Assert.NotEqual(Of("A: 1\n"), Of("A: 2\n"));
    }

    [Fact]
    public void ToString_OfHeaders_TellsNothingOfThem() =>
        Assert.Equal("ResponseHeaders (5 bytes)", Of("A: 1\n").ToString());

    private static ResponseHeaders Of(string lines) =>
        ResponseHeaders.OfLines(Encoding.UTF8.GetBytes(lines));
}
