using System.Text;

namespace WebhookDelivery.Benchmarks;

/// <summary>The one body that every arm of every ratio sends: some 500 bytes of JSON.</summary>
internal static class Payload
{
    public const string Type = "invoice.paid";

    public static readonly byte[] Bytes = Encoding.UTF8.GetBytes(
        """
        {"type":"invoice.paid","created":"2026-01-31T12:34:56Z","data":{"invoice":"in_7Q2M9XKD41",
        "customer":{"id":"cus_41VX8Z","name":"Łódź Ceramics & Sons","email":"accounts@example.com"},
        "currency":"EUR","total":128450,"tax":20509,"paid":true,"lines":[
        {"sku":"TILE-30x30-G","quantity":120,"unit_price":849},
        {"sku":"GROUT-5KG","quantity":8,"unit_price":1290},
        {"sku":"DELIVERY","quantity":1,"unit_price":16250}],
        "note":"Thank you for your order. Pallets are returned within 30 days."}}
        """
    );
}
