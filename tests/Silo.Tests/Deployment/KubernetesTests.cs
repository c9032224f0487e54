using System.Text.RegularExpressions;
using OrleansRooms.TestKit;

namespace OrleansRooms.Silo.Tests.Deployment;

/// <summary>The manifests of deploy/kubernetes fit together, the programs and the documentation. No cluster is asked.</summary>
public sealed partial class KubernetesTests
{
    // What operations.md says that a process needs at least before it is killed.
    private const int LeastGrace = 10;

    private static readonly Dictionary<string, string> ApiVersions = new()
    {
        ["Deployment"] = "apps/v1",
        ["StatefulSet"] = "apps/v1",
        ["Service"] = "v1",
        ["PersistentVolumeClaim"] = "v1",
        ["PodDisruptionBudget"] = "policy/v1",
        ["NetworkPolicy"] = "networking.k8s.io/v1",
    };

    private static readonly List<YamlNode> Manifests =
    [
        .. Directory.EnumerateFiles(RepositoryRoot.Combine("deploy", "kubernetes"), "*.yaml").Order()
            .SelectMany(file => YamlNode.Read($"deploy/kubernetes/{Path.GetFileName(file)}")),
    ];

    private static readonly Dictionary<string, Dockerfile> Images =
        Dockerfile.Paths.Select(Dockerfile.Read).ToDictionary(file => $"{file.Image}:latest");

    // What stands in for a value that only the cluster knows.
    private static readonly Dictionary<string, string> Secrets =
        new() { ["redis"] = "redis:6379,password=secret", ["postgres"] = "Host=db;Database=rooms" };

    public static TheoryData<string> Workloads => [.. AllWorkloads.Select(NameOf)];

    private static IEnumerable<YamlNode> AllWorkloads => Manifests.Where(manifest => manifest["spec.template"].Exists);

    [Fact]
    public void Manifests_AreOfKindsThatExist_AndNamedOnce()
    {
        Assert.All(Manifests, manifest =>
        {
            Assert.Equal(ApiVersions[manifest["kind"].Text], manifest["apiVersion"].Text);
            Assert.Matches(DnsLabel(), NameOf(manifest));
        });
        Assert.Equal(Manifests.Count, Manifests.Select(manifest => (manifest["kind"].Text, NameOf(manifest))).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Workload_SelectsItsOwnPods(string name)
    {
        var workload = Workload(name);

        Assert.Equal(Labels(workload["spec.selector.matchLabels"]), Labels(workload["spec.template.metadata.labels"]));
        if (workload["kind"].Text == "StatefulSet")
        {
            var service = Assert.Single(
                Manifests, manifest => manifest["kind"].Text == "Service" && NameOf(manifest) == workload["spec.serviceName"].Text);
            Assert.Equal("None", service["spec.clusterIP"].Text);
        }
    }

    [Fact]
    public void WhatSelectsPods_FindsSome_AndNamesPortsThatTheyHave()
    {
        foreach (var manifest in Manifests)
        {
            switch (manifest["kind"].Text)
            {
                case "Service":
                    var served = PortsOf(PodsOf(manifest["spec.selector"]));
                    Assert.All(
                        manifest["spec.ports"].Items,
                        port => Assert.Contains((port["targetPort"].Exists ? port["targetPort"] : port["port"]).Text, served));
                    break;
                case "PodDisruptionBudget":
                    PodsOf(manifest["spec.selector.matchLabels"]);
                    break;
                case "NetworkPolicy":
                    var guarded = PortsOf(PodsOf(manifest["spec.podSelector.matchLabels"]));
                    Assert.NotEmpty(manifest["spec.ingress"].Items);
                    Assert.All(
                        manifest["spec.ingress"].Items.SelectMany(rule => rule["ports"].Items),
                        port => Assert.Contains(port["port"].Text, guarded));
                    Assert.All(
                        manifest["spec.ingress"].Items.SelectMany(rule => rule["from"].Items),
                        from => PodsOf(from["podSelector.matchLabels"]));
                    break;
            }
        }
    }

    [Fact]
    public void NetworkPolicy_LetsFrontEndsReachNothingButTheGateway()
    {
        var policy = Assert.Single(Manifests, manifest => manifest["kind"].Text == "NetworkPolicy");
        var gateway = Settings(Container(Workload("rooms-silo"))).Cluster.GatewayPort;

        var rule = Assert.Single(
            policy["spec.ingress"].Items,
            rule => rule["from"].Items.Any(from => from["podSelector.matchLabels.app"].Text == "rooms-frontend"));
        Assert.Equal([gateway], rule["ports"].Items.Select(port => port["port"].Number));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Container_RunsAnImageThatIsBuilt_WithSettingsThatItsProgramReads(string name)
    {
        var container = Container(Workload(name));
        Assert.Contains(container["image"].Text, Images);

        var settings = Settings(container);
        settings.MustBeAccepted();
        Assert.Equal(
            settings.Ports, container["ports"].Items.ToDictionary(port => port["name"].Text, port => port["containerPort"].Number));
        var exposed = Images[container["image"].Text].All("EXPOSE").SelectMany(expose => expose.Words);
        Assert.Equal(settings.Ports.Values.Select(port => $"{port}").Order(), exposed.Order());
        Assert.All(
            container["env"].Items.Where(variable => SecretName().IsMatch(variable["name"].Text)),
            secret => Assert.True(secret["valueFrom.secretKeyRef"].Exists));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Probes_AskWhatTheProgramsAnswer(string name)
    {
        var container = Container(Workload(name));
        var ports = container["ports"].Items.Select(port => port["name"].Text).ToList();
        var probes = new[] { "startupProbe", "livenessProbe", "readinessProbe" }.ToDictionary(
            probe => probe, probe => container[probe]["httpGet"]);

        // SiloHttpTests and TutorialTests see that the programs answer there.
        Assert.All(probes.Values, probe => Assert.Contains(probe["path"].Text, new[] { "/health/live", "/health/ready" }));
        Assert.All(probes.Values, probe => Assert.Contains(probe["port"].Text, ports));
        Assert.Equal("/health/live", probes["livenessProbe"]["path"].Text);
        Assert.Equal("/health/ready", probes["readinessProbe"]["path"].Text);
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Pod_HasTimeToStop_AndNoRights(string name)
    {
        var pod = Workload(name)["spec.template.spec"];
        var container = Container(Workload(name));
        var wait = container["lifecycle.preStop.sleep.seconds"];

        Assert.True(pod["terminationGracePeriodSeconds"].Number >= LeastGrace + (wait.Exists ? wait.Number : 0));
        Assert.Equal("true", container["securityContext.runAsNonRoot"].Text);
        Assert.Equal("false", container["securityContext.allowPrivilegeEscalation"].Text);
        Assert.Equal(["ALL"], container["securityContext.capabilities.drop"].Items.Select(capability => capability.Text));
        var volumes = pod["volumes"].Items.Select(volume => volume["name"].Text).ToList();
        Assert.Equal(volumes, container["volumeMounts"].Items.Select(mount => mount["name"].Text));
        Assert.All(pod["volumes"].Items, volume => Assert.Contains(
            Manifests,
            manifest => manifest["kind"].Text == "PersistentVolumeClaim"
                && NameOf(manifest) == volume["persistentVolumeClaim.claimName"].Text));
        // A volume belongs to root unless the pod says otherwise, and the programs are not root.
        Assert.Equal(volumes.Count > 0, pod["securityContext.fsGroup"].Exists);
    }

    [Fact]
    public void WhatHasToBeThereBefore_IsInTheReadme()
    {
        var readme = File.ReadAllText(RepositoryRoot.Combine("deploy", "README.md"));
        var secrets = AllWorkloads.SelectMany(pod => Container(pod)["env"].Items).Select(variable => variable["valueFrom.secretKeyRef"])
            .Where(secret => secret.Exists).Select(secret => $"{secret["name"].Text} --from-literal={secret["key"].Text}=");

        Assert.All(
            secrets.Concat(Images.Keys.Select(image => image.Split(':')[0])).Distinct(),
            name => Assert.Contains(name, readme, StringComparison.Ordinal));
    }

    private static string NameOf(YamlNode manifest) => manifest["metadata.name"].Text;

    private static YamlNode Workload(string name) => AllWorkloads.Single(workload => NameOf(workload) == name);

    private static YamlNode Container(YamlNode workload) => Assert.Single(workload["spec.template.spec.containers"].Items);

    private static ContainerSettings Settings(YamlNode container) => new(
        Images[container["image"].Text], container["env"].Items.ToDictionary(variable => variable["name"].Text, ValueOf));

    private static string ValueOf(YamlNode variable)
    {
        if (variable["value"].Exists)
        {
            return variable["value"].Text;
        }

        return variable["valueFrom.fieldRef.fieldPath"] is { Exists: true } field
            ? new Dictionary<string, string> { ["status.podIP"] = "10.0.0.7" }[field.Text]
            : Secrets[variable["valueFrom.secretKeyRef.key"].Text];
    }

    /// <summary>The one workload whose pods have these labels.</summary>
    private static YamlNode PodsOf(YamlNode selector)
    {
        var wanted = Labels(selector);
        Assert.NotEmpty(wanted);
        return Assert.Single(Manifests, manifest => wanted.All(Labels(manifest["spec.template.metadata.labels"]).Contains));
    }

    /// <summary>The ports of a workload's container, by number and by name.</summary>
    private static HashSet<string> PortsOf(YamlNode workload) =>
        [.. Container(workload)["ports"].Items.SelectMany(port => new[] { port["name"].Text, port["containerPort"].Text })];

    private static Dictionary<string, string> Labels(YamlNode labels) =>
        labels.Entries.ToDictionary(label => label.Key, label => label.Value.Text);

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex DnsLabel();

    [GeneratedRegex("^Rooms__(Redis|Postgres|Http__DashboardPassword)$")]
    private static partial Regex SecretName();
}
