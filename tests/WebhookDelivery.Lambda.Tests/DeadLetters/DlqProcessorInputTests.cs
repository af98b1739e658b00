using System.Text.Json;
using WebhookDelivery.Core;

namespace WebhookDelivery.Lambda.Tests;

public sealed class DlqProcessorInputTests
{
    private const string Endpoint = "ep_01k9z3v5xbc8aq0m2n4p6r8t0v";

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"batchSize":null,"maxMessages":null,"tenantId":null,"endpointId":null}""")]
    public void Read_Nothing_AsksForTheDefaults(string json)
    {
        var input = Read(json);

        Assert.Empty(input.Errors);
        Assert.Equal(10, input.Request.BatchSize);
        Assert.Equal(100, input.Request.MaxMessages);
        Assert.Null(input.Request.TenantId);
        Assert.Null(input.Request.EndpointId);
    }

    [Fact]
    public void Read_Everything_AsksForIt()
    {
        var endpoint = new EndpointId(Guid.CreateVersion7());

        var input = Read(
            $$"""{"batchSize":1,"maxMessages":10000,"tenantId":"acme","endpointId":"{{endpoint}}"}"""
        );

        Assert.Empty(input.Errors);
        Assert.Equal(1, input.Request.BatchSize);
        Assert.Equal(10_000, input.Request.MaxMessages);
        Assert.Equal("acme", input.Request.TenantId?.Value);
        Assert.Equal(endpoint, input.Request.EndpointId);
    }

    [Theory]
    [InlineData("batchSize", "0", "Must be a whole number from 1 to 10.")]
    [InlineData("batchSize", "11", "Must be a whole number from 1 to 10.")]
    [InlineData("batchSize", "\"5\"", "Must be a whole number from 1 to 10.")]
    [InlineData("batchSize", "2.5", "Must be a whole number from 1 to 10.")]
    [InlineData("batchSize", "99999999999", "Must be a whole number from 1 to 10.")]
    [InlineData("maxMessages", "0", "Must be a whole number from 1 to 10000.")]
    [InlineData("maxMessages", "10001", "Must be a whole number from 1 to 10000.")]
    [InlineData("maxMessages", "true", "Must be a whole number from 1 to 10000.")]
    [InlineData("tenantId", "\"No!\"", "Must be a tenant's id.")]
    [InlineData("tenantId", "7", "Must be a tenant's id.")]
    [InlineData("endpointId", "\"ep_1\"", "Must be an endpoint's id.")]
    [InlineData("endpointId", "\"\\ud800\"", "Must be an endpoint's id.")]
    [InlineData("endpointId", "[]", "Must be an endpoint's id.")]
    public void Read_NotValid_SaysWhatIsWrong(string member, string value, string error)
    {
        var input = Read($$"""{"{{member}}":{{value}}}""");

        Assert.Equal([member], input.Errors.Keys);
        Assert.Equal([error], input.Errors[member]);
    }

    [Theory]
    [InlineData("maxmessages")]
    [InlineData("tenant_id")]
    [InlineData("")]
    [InlineData("\\ud800")]
    public void Read_UnknownMember_IsAFault(string member)
    {
        var input = Read($$"""{"{{member}}":"acme"}""");

        Assert.Contains("Is not known", input.Errors.Single().Value[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralFaults_SaysAllOfThem()
    {
        var input = Read($$"""{"tenantId":"-","batchSize":0,"x":1,"endpointId":"{{Endpoint}}x"}""");

        Assert.Equal(["batchSize", "endpointId", "tenantId", "x"], input.Errors.Keys);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("\"x\"")]
    public void Read_NoObject_IsAFault(string json) =>
        Assert.Equal(["Must be a JSON object."], Read(json).Errors[""]);

    private static DlqProcessorInput Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return DlqProcessorInput.Read(document.RootElement);
    }
}
