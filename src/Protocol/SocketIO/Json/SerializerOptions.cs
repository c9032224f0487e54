using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansRooms.Protocol.SocketIO.Json;

/// <summary>
/// Makes the options that write and read arguments out of those of the user, whose own converters come first. Writing and
/// reading have their own because some converters are for one direction only.
/// </summary>
internal static class SerializerOptions
{
    private const int DefaultMaxDepth = 256;

    public static JsonSerializerOptions ForWriting(JsonSerializerOptions? user)
    {
        var options = Copy(user);
        AddShared(options);
        options.Converters.Add(new JsonElementConverter());
        options.Converters.Add(new JsonDocumentConverter());
        options.Converters.Add(new DateTimeConverter());
        options.Converters.Add(new DateTimeOffsetConverter());
        if (options.NumberHandling is JsonNumberHandling.Strict or JsonNumberHandling.AllowReadingFromString)
        {
            // With any other handling the user has decided how NaN is written.
            options.Converters.Add(new DoubleConverter());
            options.Converters.Add(new SingleConverter());
        }

        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    public static JsonSerializerOptions ForReading(JsonSerializerOptions? user)
    {
        var options = Copy(user);
        AddShared(options);
        options.Converters.Add(new UntypedValueConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>
    /// For what the others have failed to read: they are faster, and know attributes about numbers on properties.
    /// </summary>
    public static JsonSerializerOptions ForReadingIntegers(JsonSerializerOptions? user)
    {
        var options = Copy(user);
        AddShared(options);
        options.Converters.Add(new UntypedValueConverter());
        options.Converters.Add(new IntegerConverter<int>());
        options.Converters.Add(new IntegerConverter<long>());
        options.Converters.Add(new IntegerConverter<short>());
        options.Converters.Add(new IntegerConverter<byte>());
        options.Converters.Add(new IntegerConverter<uint>());
        options.Converters.Add(new IntegerConverter<ulong>());
        options.Converters.Add(new IntegerConverter<ushort>());
        options.Converters.Add(new IntegerConverter<sbyte>());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private static JsonSerializerOptions Copy(JsonSerializerOptions? user)
    {
        var options = user is null ? new JsonSerializerOptions(JsonSerializerDefaults.Web) : new JsonSerializerOptions(user);
        options.Encoder = options.Encoder is null ? JavaScriptStringEncoder.Instance : new SurrogateKeepingEncoder(options.Encoder);
        options.WriteIndented = false;
        if (options.MaxDepth == 0) options.MaxDepth = DefaultMaxDepth;
        return options;
    }

    private static void AddShared(JsonSerializerOptions options)
    {
        options.Converters.Add(new StringConverter());
        options.Converters.Add(new ByteArrayConverter());
        options.Converters.Add(new MemoryConverter());
        options.Converters.Add(new ReadOnlyMemoryConverter());
        options.Converters.Add(new ArraySegmentConverter());
        options.Converters.Add(new ReadOnlySequenceConverter());
        options.Converters.Add(new RawArgumentConverter());
        options.Converters.Add(new JsonNodeConverter());
    }
}
