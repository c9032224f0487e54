using System.Globalization;
using System.Text;

namespace OrleansRooms.ClusterLoad.Measuring;

/// <summary>The figures of a run as a table in Markdown; of several rounds, the median of each.</summary>
internal sealed class Report
{
    private readonly List<Comparison> _figures = [];

    public void Add(IEnumerable<Comparison> figures) => _figures.AddRange(figures);

    /// <summary>Whether no goal was missed.</summary>
    public bool AllMet => Medians().All(figure => figure.IsMet != false);

    public override string ToString()
    {
        var text = new StringBuilder(
            "| scenario | figure | OrleansRooms | Redis adapter | ratio | goal | met |\n|---|---|---|---|---|---|---|\n");
        foreach (var figure in Medians())
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {figure.Scenario} | {figure.Metric} | {Short(figure.Ours)} | {Short(figure.Peer)} | " +
                $"{(figure.Ratio is { } ratio ? $"{ratio:0.00}x" : "")} | {figure.Goal} | " +
                $"{figure.IsMet switch { true => "yes", false => "**no**", _ => "" }} |");
        }

        return text.ToString();
    }

    /// <summary>A figure with as many digits as mean something.</summary>
    public static string Short(double? value) => value switch
    {
        null => "",
        0 => "0",
        double.NaN => "none",
        < 10 and > -10 => value.Value.ToString("0.00", CultureInfo.InvariantCulture),
        < 100 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("#,0", CultureInfo.InvariantCulture),
    };

    private IEnumerable<Comparison> Medians() =>
        from figure in _figures
        group figure by (figure.Scenario, figure.Metric) into rounds
        select rounds.First() with
        {
            Ours = Median(rounds.Select(one => one.Ours)),
            Peer = rounds.Any(one => one.Peer is null) ? null : Median(rounds.Select(one => one.Peer!.Value)),
        };

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
