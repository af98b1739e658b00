using System.Text.Json;
using System.Text.Json.Nodes;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>Events of an API Gateway HTTP API, payload format 2.0.</summary>
internal static class HttpApiEvent
{
    /// <summary>
    /// The example of https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html,
    /// less the parts that belong to authorizers and client certificates.
    /// </summary>
    public const string Documented = """
        {
          "version": "2.0",
          "routeKey": "$default",
          "rawPath": "/my/path",
          "rawQueryString": "parameter1=value1&parameter1=value2&parameter2=value",
          "cookies": ["cookie1", "cookie2"],
          "headers": {
            "header1": "value1",
            "header2": "value1,value2"
          },
          "queryStringParameters": {
            "parameter1": "value1,value2",
            "parameter2": "value"
          },
          "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
              "method": "POST",
              "path": "/my/path",
              "protocol": "HTTP/1.1",
              "sourceIp": "192.0.2.1",
              "userAgent": "agent"
            },
            "requestId": "id",
            "routeKey": "$default",
            "stage": "$default",
            "time": "12/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1583348638390
          },
          "body": "Hello from Lambda",
          "pathParameters": {"parameter1": "value1"},
          "isBase64Encoded": false,
          "stageVariables": {"stageVariable1": "value1", "stageVariable2": "value2"}
        }
        """;

    /// <summary>An event for a request.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Its path, as the gateway gives it.</param>
    /// <param name="body">Its body; null for none.</param>
    /// <param name="headers">Its headers, in lower case as the gateway gives them.</param>
    /// <param name="query">Its query string, without the question mark.</param>
    /// <param name="base64">Whether the body is base64.</param>
    /// <param name="stage">The API's stage.</param>
    public static string Of(
        string method,
        string path,
        string? body = null,
        Dictionary<string, string>? headers = null,
        string query = "",
        bool base64 = false,
        string stage = "$default"
    )
    {
        var proxied = JsonNode.Parse(Documented)!.AsObject();
        proxied["rawPath"] = path;
        proxied["rawQueryString"] = query;
        proxied["headers"] = JsonSerializer.SerializeToNode(headers ?? []);
        proxied["isBase64Encoded"] = base64;
        proxied["requestContext"]!["stage"] = stage;
        proxied["requestContext"]!["http"]!["method"] = method;
        proxied["requestContext"]!["http"]!["path"] = path;
        proxied.Remove("cookies");
        proxied.Remove("body");
        if (body is not null)
        {
            proxied["body"] = body;
        }

        return proxied.ToJsonString();
    }
}
