using System.Text;
using CsCheck;
using OrleansRooms.Protocol.SocketIO;

namespace OrleansRooms.Protocol.Tests.SocketIO;

/// <summary>Random packets and random arguments for property tests.</summary>
internal static class RandomArguments
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[0, 12],
        Gen.OneOf("", "connect", "\ud800", "😀", "\u0000\u001e\"\\", "_placeholder", "num", "é,/-1["));

    /// <summary>
    /// Values such as a handler might emit: null, booleans, numbers, strings, byte arrays, lists and dictionaries of them. At most eight
    /// byte arrays, so that the limit of attachments is not in play.
    /// </summary>
    public static readonly Gen<object?[]> Arguments = CreateValue(3).Array[0, 4].Where(args => CountBuffers(args) <= 8);

    public static readonly Gen<string> EventName = Text.Where(name => !ReservedEvents.Contains(name));

    public static readonly Gen<string> Namespace = Gen.OneOf(
        Gen.Const("/"),
        Gen.String[Gen.Char.AlphaNumeric, 1, 200].Select(name => "/" + name),
        Gen.OneOf("/é", "/a b", "/0", "/-", "/[", "/admin?x=1", "/\"", "//"));

    public static readonly Gen<long?> AckId = Gen.OneOf(
        Gen.Const((long?)null),
        Gen.OneOf<long?>(0, 9, 10, int.MaxValue, long.MaxValue, 1_000_000_000_000_000_000),
        Gen.Long[0, long.MaxValue].Select(id => (long?)id));

    /// <summary>Canonical JSON text of a value, which does not depend on anything under test.</summary>
    public static string Describe(object? value)
    {
        var text = new StringBuilder();
        Describe(value, text);
        return text.ToString();
    }

    public static int CountBuffers(object? value) => value switch
    {
        byte[] => 1,
        object?[] list => list.Sum(CountBuffers),
        Dictionary<string, object?> map => map.Values.Sum(CountBuffers),
        _ => 0,
    };

    private static Gen<object?> CreateValue(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.Const((object?)null),
            Gen.Bool.Select(value => (object?)value),
            Gen.Int.Select(value => (object?)value),
            Gen.Double.Select(value => (object?)value),
            Text.Select(value => (object?)value),
            Gen.Byte.Array[0, 20].Select(value => (object?)value));
        if (depth == 0) return leaf;

        var inner = CreateValue(depth - 1);
        return Gen.OneOf(
            leaf,
            inner.Array[0, 4].Select(items => (object?)items),
            Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 0, 6].Array[0, 4], inner.Array[4]).Select((names, values) =>
            {
                var map = new Dictionary<string, object?>();
                for (var i = 0; i < names.Length; i++) map[names[i]] = values[i];
                return (object?)map;
            }));
    }

    private static void Describe(object? value, StringBuilder text)
    {
        switch (value)
        {
            case double number when !double.IsFinite(number):
                text.Append("null");
                break;
            case byte[] bytes:
                text.Append('<').Append(Convert.ToHexString(bytes)).Append('>');
                break;
            case string characters:
                text.Append('"').AppendJoin(' ', characters.Select(c => (int)c)).Append('"');
                break;
            case object?[] list:
                text.Append('[');
                foreach (var item in list)
                {
                    Describe(item, text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case Dictionary<string, object?> map:
                text.Append('{');
                foreach (var (name, item) in map)
                {
                    text.Append(name).Append(':');
                    Describe(item, text);
                    text.Append(',');
                }

                text.Append('}');
                break;
            default:
                text.Append(value is null ? "null" : FormattableString.Invariant($"{value:R}"));
                break;
        }
    }
}
