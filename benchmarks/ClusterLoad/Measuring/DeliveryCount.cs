namespace OrleansRooms.ClusterLoad.Measuring;

/// <summary>What has become of messages.</summary>
/// <param name="Expected">How many deliveries they ought to have made.</param>
/// <param name="Missing">How many have not been made: on their way, or lost.</param>
/// <param name="Doubled">How many were made once more.</param>
/// <param name="Reordered">How many came behind a later one of the same publisher.</param>
internal readonly record struct DeliveryCount(long Expected, long Missing, long Doubled, long Reordered)
{
    /// <summary>How many have been made.</summary>
    public long Made => Expected - Missing;

    public static DeliveryCount operator +(DeliveryCount one, DeliveryCount other) => new(
        one.Expected + other.Expected, one.Missing + other.Missing, one.Doubled + other.Doubled, one.Reordered + other.Reordered);

    public static DeliveryCount operator -(DeliveryCount one, DeliveryCount other) => new(
        one.Expected - other.Expected, one.Missing - other.Missing, one.Doubled - other.Doubled, one.Reordered - other.Reordered);
}
