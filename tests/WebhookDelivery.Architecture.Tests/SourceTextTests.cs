namespace WebhookDelivery.Architecture.Tests;

public sealed class SourceTextTests
{
    [Theory]
    [InlineData("a // b", "a     ")]
    [InlineData("a /* b\n */ c", "a     \n    c")]
    [InlineData("""f("b\"c", 'd')""", "f(      ,    )")]
    [InlineData("""f(@"b""c\", x)""", "f(        , x)")]
    [InlineData("""f($"b{g("{c}")}d", x)""", "f(               , x)")]
    [InlineData("""f($"{{b", x)""", "f(      , x)")]
    [InlineData("f(\"\"\"b\"c\"\"\", x)", "f(         , x)")]
    public void CodeOf_CommentsAndLiterals_AreBlank(string source, string code) =>
        Assert.Equal(code, SourceText.CodeOf(source));

    [Theory]
    [InlineData("namespace A;\n\npublic sealed class B { class C { } }", "B")]
    [InlineData("namespace A\n{\n    class B { }\n    record struct D(int E);\n}", "B,D")]
    [InlineData("[X]\ninternal static partial class B\n    where T : class { }", "B")]
    [InlineData("public sealed record B(string C);\n\nenum D { E }", "B,D")]
    [InlineData("public interface IB<in T> : IC;", "IB")]
    [InlineData("public delegate Task<int> B(int c);", "B")]
    [InlineData("file sealed class B;\nsealed class C;", "C")]
    [InlineData("// class B\nvar record = \"class C\";\nreturn 0;", "")]
    public void TopLevelTypes_OfAFile_AreFound(string source, string names) =>
        Assert.Equal(names, string.Join(',', SourceText.TopLevelTypes(source)));
}
