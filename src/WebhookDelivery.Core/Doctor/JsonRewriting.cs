namespace WebhookDelivery.Core;

/// <summary>In which ways two texts of the same JSON differ.</summary>
[Flags]
internal enum JsonRewriting
{
    None = 0,

    /// <summary>White space between tokens.</summary>
    WhiteSpace = 1,

    /// <summary>The order of an object's members.</summary>
    KeyOrder = 2,

    /// <summary>How characters of a string are written.</summary>
    Escapes = 4,

    /// <summary>How a number is written; its value is the same.</summary>
    NumberForms = 8,

    /// <summary>A number with more digits than a double holds was read and written as one.</summary>
    NumberPrecision = 16,

    /// <summary>Members of one name: all but the last are gone.</summary>
    RepeatedMembers = 32,

    /// <summary>A byte order mark in front.</summary>
    ByteOrderMark = 64,

    /// <summary>White space or a line's end behind the JSON.</summary>
    TrailingNewline = 128,

    /// <summary>CR LF for LF between tokens, or the other way round.</summary>
    LineEndings = 256,

    /// <summary>The JSON as a text within JSON.</summary>
    TextInJson = 512,
}
