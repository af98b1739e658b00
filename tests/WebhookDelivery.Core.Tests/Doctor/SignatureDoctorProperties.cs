using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace WebhookDelivery.Core.Tests;

/// <summary>Whatever a receiver says that it got, the doctor answers.</summary>
public sealed class SignatureDoctorProperties
{
    private static readonly string[] Pieces =
    [
        "t=",
        "v1=",
        "v1,",
        "v2,",
        ",",
        ".",
        " ",
        "=",
        "\"",
        "whsec_",
        "evt_",
        "sha256=",
        "\\u",
        "\\",
        "{\"a\":1}",
        "\uFEFF",
        "\n",
        "é",
        "🦊",
        "1e9",
        DoctorRig.Seconds,
        DoctorRig.WebhookId,
        DoctorRig.Current.Value,
        Convert.ToBase64String(new byte[32]),
        new string('0', 64),
    ];

    private static readonly Gen<string> Texts = Gen.Elements(Pieces)
        .ListOf()
        .Select(pieces => string.Concat(pieces.Take(12)));

    private static readonly Arbitrary<DoctorRig> Rigs = (
        from name in Gen.Elements(ReceivedHeaders.Names.ToArray())
        from other in Gen.Elements(ReceivedHeaders.Names.ToArray())
        from value in Texts
        from otherValue in Texts
        from body in Texts
        from stored in Gen.Elements(DoctorRig.Json, "{}", "{\"a\":\"\\ud800\",\"a\":1e-9}")
        from secret in Texts
        from computed in Texts
        select new DoctorRig
        {
            Changes = [(name, value), (other, otherValue)],
            Received = Encoding.UTF8.GetBytes(body),
            Stored = Encoding.UTF8.GetBytes(stored),
            Secret = secret,
            Computed = computed,
        }
    ).ToArbitrary();

    [Fact]
    public void Diagnose_ArbitraryCases_AlwaysNamesAFaultAndNeverCallsThemValid() =>
        Prop.ForAll(
                Rigs,
                rig =>
                {
                    var diagnosis = rig.Diagnose();
                    return !diagnosis.Valid && diagnosis.Faults.Count > 0;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
