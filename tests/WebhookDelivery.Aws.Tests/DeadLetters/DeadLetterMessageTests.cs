using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

public sealed class DeadLetterMessageTests
{
    private static readonly RandomIdSource Ids = new();
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, 123, TimeSpan.Zero);

    private static DeliveryKey NewKey() =>
        new(TenantId.Parse("acme"), new EventId(Ids.NewId(Now)), new EndpointId(Ids.NewId(Now)));

    [Fact]
    public void Format_ADeadLetter_IsOneLineOfJson()
    {
        var key = NewKey();
        Assert.Equal(
            $$"""{"v":1,"dl":1,"t":"acme","e":"{{key.EventId}}","p":"{{key.EndpointId}}","g":3,"r":"http_status","at":1767225600123}""",
            new DeadLetterMessage(key, 3, "http_status", Now).Format()
        );
    }

    [Fact]
    public void TryParse_WhatWasFormatted_GivesItBack()
    {
        var message = new DeadLetterMessage(NewKey(), int.MaxValue, "some_later_reason", Now);
        Assert.True(DeadLetterMessage.TryParse(message.Format(), out var parsed));
        Assert.Equal(message, parsed);
    }

    [Fact]
    public void TryParse_FieldsOfLaterVersions_AreSteppedOver()
    {
        var body = new DeadLetterMessage(NewKey(), 1, "timeout", Now).Format();
        Assert.True(DeadLetterMessage.TryParse(body.Replace("{", "{\"new\":[1],"), out _));
    }

    [Theory]
    [InlineData("\"v\":1", "\"v\":2")]
    [InlineData("\"v\":1", "\"v\":\"1\"")]
    [InlineData("\"dl\":1,", "")]
    [InlineData("\"t\":\"acme\"", "\"t\":\"No Tenant\"")]
    [InlineData("\"e\":\"evt_", "\"e\":\"ep_")]
    [InlineData("\"p\":\"ep_", "\"p\":\"evt_")]
    [InlineData("\"g\":3", "\"g\":0")]
    [InlineData("\"g\":3", "\"g\":2147483648")]
    [InlineData("\"g\":3", "\"g\":1.5")]
    [InlineData("\"r\":\"timeout\"", "\"r\":null")]
    [InlineData("\"at\":1767225600123", "\"at\":-1")]
    [InlineData("\"at\":1767225600123", "\"at\":253402300800000")]
    [InlineData("}", "")]
    [InlineData("}", "}\n{}")]
    public void TryParse_AnythingElse_IsNone(string part, string instead)
    {
        var body = new DeadLetterMessage(NewKey(), 3, "timeout", Now).Format();
        Assert.Contains(part, body);
        Assert.False(DeadLetterMessage.TryParse(body.Replace(part, instead), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("1")]
    public void TryParse_NoObject_IsNone(string body) =>
        Assert.False(DeadLetterMessage.TryParse(body, out _));
}
