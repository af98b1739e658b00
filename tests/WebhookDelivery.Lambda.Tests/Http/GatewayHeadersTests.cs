using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace WebhookDelivery.Lambda.Tests;

public sealed class GatewayHeadersTests
{
    [Fact]
    public void Join_ValueTakenApartAtItsCommas_IsOneAgain()
    {
        var headers = new HeaderDictionary
        {
            ["Idempotency-Key"] = new StringValues(["a", " b", "c"]),
            ["Authorization"] = "Bearer x",
        };

        GatewayHeaders.Join(headers);

        Assert.Equal("a, b,c", Assert.Single(headers["Idempotency-Key"]));
        Assert.Equal("Bearer x", Assert.Single(headers["Authorization"]));
    }
}
